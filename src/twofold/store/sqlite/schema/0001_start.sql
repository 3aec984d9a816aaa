-- The first schema. Live state is keyed by number and tenure; what only grows is led by time, because a random key
-- in a growing table halves the rate of everything (docs/benchmarks.md).

-- What is remembered of a number that is not the default; most numbers have no row.
CREATE TABLE numbers (
    msisdn INTEGER NOT NULL PRIMARY KEY,
    tenure INTEGER NOT NULL CHECK (tenure >= 0),
    language TEXT NOT NULL CHECK (language IN ('vi', 'en')),
    memory TEXT NOT NULL
) STRICT;

-- The embedded prepaid accounts; a number without a row holds the opening balance.
CREATE TABLE accounts (
    msisdn INTEGER NOT NULL PRIMARY KEY,
    tenure INTEGER NOT NULL,
    balance_minor INTEGER NOT NULL CHECK (balance_minor >= 0)
) STRICT;

-- Open requests only.
CREATE TABLE requests (
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    id INTEGER NOT NULL,
    service TEXT NOT NULL,
    partner TEXT NOT NULL,
    short_code TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('checking', 'waiting_prompt', 'pending')),
    requested_at INTEGER NOT NULL,
    price_minor INTEGER NOT NULL CHECK (price_minor > 0),
    period_days INTEGER NOT NULL CHECK (period_days > 0),
    auto_renew INTEGER NOT NULL CHECK (auto_renew IN (0, 1)),
    revision INTEGER NOT NULL,
    policy TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    names_service INTEGER NOT NULL CHECK (names_service IN (0, 1)),
    order_id INTEGER NOT NULL,
    copies INTEGER NOT NULL CHECK (copies BETWEEN 0 AND 2),
    handed_over_at INTEGER,
    printed_until_at INTEGER,
    opened_at INTEGER,
    parts_left INTEGER NOT NULL,
    delivered_at INTEGER,
    held TEXT,
    seen BLOB CHECK (length(seen) = 24),
    PRIMARY KEY (msisdn, tenure, id),
    CHECK (state <> 'pending' OR (opened_at IS NOT NULL AND handed_over_at IS NOT NULL)),
    CHECK (opened_at IS NULL OR printed_until_at <= due_at),
    CHECK ((handed_over_at IS NULL) = (copies = 0))
) STRICT, WITHOUT ROWID;

CREATE INDEX requests_due ON requests (due_at);

-- Live subscriptions only.
CREATE TABLE subscriptions (
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    id INTEGER NOT NULL,
    service TEXT NOT NULL,
    partner TEXT NOT NULL,
    short_code TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('activating', 'active', 'grace', 'suspended')),
    price_minor INTEGER NOT NULL CHECK (price_minor > 0),
    period_days INTEGER NOT NULL CHECK (period_days > 0),
    auto_renew INTEGER NOT NULL CHECK (auto_renew IN (0, 1)),
    revision INTEGER NOT NULL,
    policy TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    confirmed_at INTEGER NOT NULL,
    started_at INTEGER,
    renews_at INTEGER,
    order_id INTEGER NOT NULL,
    reason INTEGER,
    seen BLOB CHECK (length(seen) = 24),
    PRIMARY KEY (msisdn, tenure, id),
    CHECK (state <> 'active' OR (started_at IS NOT NULL AND renews_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Requests that ended unconfirmed, led by time.
CREATE TABLE settled_requests (
    id INTEGER NOT NULL PRIMARY KEY,
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    service TEXT NOT NULL,
    partner TEXT NOT NULL,
    short_code TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('refused', 'declined', 'expired', 'cancelled', 'undeliverable', 'withdrawn')
    ),
    requested_at INTEGER NOT NULL,
    opened_at INTEGER,
    due_at INTEGER NOT NULL,
    settled_at INTEGER NOT NULL,
    price_minor INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    policy TEXT NOT NULL,
    copies INTEGER NOT NULL,
    reason INTEGER
) STRICT;

CREATE INDEX settled_requests_number ON settled_requests (msisdn, tenure);

-- Subscriptions that are over, led by time.
CREATE TABLE ended_subscriptions (
    id INTEGER NOT NULL PRIMARY KEY,
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    service TEXT NOT NULL,
    partner TEXT NOT NULL,
    short_code TEXT NOT NULL,
    channel TEXT NOT NULL,
    price_minor INTEGER NOT NULL,
    period_days INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    policy TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    confirmed_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER NOT NULL,
    reason INTEGER NOT NULL
) STRICT;

CREATE INDEX ended_subscriptions_number ON ended_subscriptions (msisdn, tenure);

-- Money taken, and given back: once for each period of each subscription.
CREATE TABLE debits (
    subscription_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('charge', 'refund')),
    period_at INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    at INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    service TEXT NOT NULL,
    PRIMARY KEY (subscription_id, kind, period_at),
    CHECK ((kind = 'charge') = (amount_minor > 0))
) STRICT, WITHOUT ROWID;

-- The keys of MOs that their bind gave an id, in hours: a resend is looked for in the latest hours only, and old hours
-- are pruned. Other MOs are remembered where they had their effect (seen: key, time, digest of the number's state).
CREATE TABLE mo_keys (
    hour INTEGER NOT NULL,
    key BLOB NOT NULL,
    msisdn INTEGER NOT NULL,
    at INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    PRIMARY KEY (hour, key)
) STRICT, WITHOUT ROWID;

-- Orders that are not settled.
CREATE TABLE orders (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    request_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    key TEXT NOT NULL,
    source TEXT NOT NULL,
    text TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    period_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('claimed', 'waiting', 'unresolved')),
    epoch INTEGER NOT NULL
) STRICT;

CREATE INDEX orders_waiting ON orders (due_at) WHERE state = 'waiting';

-- Texts that the SMSC accepted and whose final receipt is awaited.
CREATE TABLE sent (
    smsc TEXT NOT NULL,
    message_id TEXT NOT NULL,
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    request_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (smsc, message_id)
) STRICT, WITHOUT ROWID;

-- Evidence: one line a decision, written once and never changed.
CREATE TABLE entries (
    id INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    msisdn INTEGER NOT NULL,
    tenure INTEGER NOT NULL,
    request_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    document BLOB NOT NULL
) STRICT;

CREATE INDEX entries_request ON entries (request_id) WHERE request_id <> 0;
CREATE INDEX entries_number ON entries (msisdn, tenure) WHERE request_id = 0;

-- Every revision of the catalogue, whole.
CREATE TABLE catalogues (
    revision INTEGER NOT NULL PRIMARY KEY,
    imported_at INTEGER NOT NULL,
    digest BLOB NOT NULL,
    document BLOB NOT NULL
) STRICT;

-- One row for each start of an engine: its epoch names it in every claim.
CREATE TABLE epochs (
    epoch INTEGER NOT NULL PRIMARY KEY,
    started_at INTEGER NOT NULL
) STRICT;

-- Events that could not be decided by a fault of ours: kept whole, acknowledged and alarmed.
CREATE TABLE parked (
    id INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    msisdn INTEGER NOT NULL,
    why TEXT NOT NULL,
    event BLOB NOT NULL
) STRICT;
