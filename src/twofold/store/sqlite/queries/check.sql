-- What `twofold.checks` reads: everything of the numbers of one part, so that no part is large.
-- A part is all numbers with one remainder; ?1 is how many parts there are, ?2 which one it is.

-- name: check_size
-- How many requests there ever were: what decides the number of parts.
SELECT
    (SELECT count(*) FROM requests) + (SELECT count(*) FROM settled_requests)
    + (SELECT count(*) FROM subscriptions) + (SELECT count(*) FROM ended_subscriptions)

-- name: check_tenures
SELECT msisdn, tenure FROM numbers WHERE msisdn % ?1 = ?2 AND tenure > 0

-- name: check_requests
SELECT id, msisdn, service, state, opened_at, due_at, tenure FROM requests WHERE msisdn % ?1 = ?2

-- name: check_settled
SELECT id, msisdn, service, state, opened_at, due_at, tenure FROM settled_requests WHERE msisdn % ?1 = ?2

-- name: check_subscriptions
SELECT id, msisdn, service, short_code, state, price_minor, period_days, revision, opened_at, tenure
FROM subscriptions WHERE msisdn % ?1 = ?2

-- name: check_ended
SELECT id, msisdn, service, short_code, 'ended', price_minor, period_days, revision, opened_at, tenure
FROM ended_subscriptions WHERE msisdn % ?1 = ?2

-- name: check_debits
SELECT subscription_id, msisdn, kind, period_at, amount_minor, tenure FROM debits WHERE msisdn % ?1 = ?2

-- name: check_entries
-- In the order of their ids, in which the events of one number were decided.
SELECT id, at, msisdn, tenure, request_id, kind, salt, hash, document
FROM entries WHERE msisdn % ?1 = ?2 ORDER BY id

-- name: check_parked
SELECT event FROM parked WHERE msisdn % ?1 = ?2

-- name: check_revisions
SELECT after_entry, revision FROM catalogues

-- name: check_catalogue
SELECT document FROM catalogues WHERE revision = ?

-- name: check_left_over
-- Rows that were to be pruned before a moment (ms UTC), by table.
SELECT 'mo_keys', count(*) FROM mo_keys WHERE hour < ?1 / 3600000
UNION ALL SELECT 'sent', count(*) FROM sent WHERE until_at < ?1
UNION ALL SELECT 'idempotency_keys', count(*) FROM idempotency_keys WHERE at < ?1
UNION ALL SELECT 'fragments', count(*) FROM fragments WHERE at < ?1
UNION ALL SELECT 'orders', count(*) FROM orders WHERE state = 'waiting' AND until_at < ?1

-- name: check_counts
SELECT
    (SELECT count(*) FROM entries),
    (SELECT count(*) FROM requests) + (SELECT count(*) FROM settled_requests),
    (SELECT count(*) FROM subscriptions) + (SELECT count(*) FROM ended_subscriptions),
    (SELECT count(*) FROM debits)

-- name: check_standing
-- What stands where it should not stay; ?1 is a moment (ms UTC): what fell due by then is late.
SELECT
    (SELECT count(*) FROM parked),
    (SELECT count(*) FROM orders WHERE state = 'unresolved'),
    (SELECT count(*) FROM requests WHERE due_at < ?1),
    (SELECT count(*) FROM orders WHERE state = 'waiting' AND due_at < ?1),
    (SELECT count(*) FROM orders WHERE state = 'claimed' AND epoch < (SELECT max(epoch) FROM epochs)),
    (SELECT count(*) FROM complaints WHERE state = 'open' AND answer_by_at < ?1),
    (SELECT count(*) FROM sweeps WHERE done_at IS NULL AND begun_at < ?1 - 3600000)
