-- Complaints: rare, led by time, reached from a number and by what was promised.
CREATE TABLE complaints (
    id INTEGER NOT NULL PRIMARY KEY,
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    about_id INTEGER NOT NULL,
    service TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'rejected')),
    opened_at INTEGER NOT NULL,
    answer_by_at INTEGER NOT NULL CHECK (answer_by_at > opened_at)
) STRICT;

CREATE INDEX complaints_number ON complaints (msisdn, tenure);
CREATE INDEX complaints_open ON complaints (answer_by_at) WHERE state = 'open';
