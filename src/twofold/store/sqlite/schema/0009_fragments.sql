-- Parts of long MOs that wait for the others, for minutes: bounded by time, and by a sweep of the oldest. Number 0 is a
-- message that became whole: its octets are the digests of its parts, by which one that is resent is known.
CREATE TABLE fragments (
    msisdn INTEGER NOT NULL,
    short_code TEXT NOT NULL,
    reference INTEGER NOT NULL,
    total INTEGER NOT NULL CHECK (total BETWEEN 2 AND 255),
    number INTEGER NOT NULL CHECK (number BETWEEN 0 AND total),
    tenure INTEGER NOT NULL,
    data_coding INTEGER NOT NULL,
    locking INTEGER NOT NULL,
    single INTEGER NOT NULL,
    octets BLOB NOT NULL,
    at INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    PRIMARY KEY (msisdn, short_code, reference, total, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX fragments_at ON fragments (at);
