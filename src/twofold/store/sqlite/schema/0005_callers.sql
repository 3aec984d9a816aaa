-- Who may call over HTTP, and what they were answered.

-- Tokens: the secret is never kept, only its SHA-256; it has 256 random bits, so nothing can be guessed from that.
CREATE TABLE tokens (
    id INTEGER NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    role TEXT NOT NULL CHECK (role IN ('partner', 'care', 'app', 'ivr', 'ussd', 'operator')),
    partner TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    CHECK ((role = 'partner') = (partner <> ''))
) STRICT;

-- Idempotency keys of a day: reserved before the event is decided, answered after it. A row without an answer is under
-- way, or was left by a crash; whether its event was decided is said by the entries.
CREATE TABLE idempotency_keys (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    event_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    answer BLOB,
    PRIMARY KEY (owner, key),
    CHECK ((status IS NULL) = (answer IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_at ON idempotency_keys (at);
