-- What faces read: bounded, and never part of a decision.

-- name: account
-- The present holder's.
SELECT a.balance_minor
FROM accounts AS a LEFT JOIN numbers AS n ON n.msisdn = a.msisdn
WHERE a.msisdn = ?1 AND a.tenure = coalesce(n.tenure, 0)

-- name: tenure_of
SELECT tenure FROM numbers WHERE msisdn = ?

-- name: debits_of
SELECT d.order_id, d.amount_minor, d.at, d.service
FROM (
    SELECT id FROM subscriptions WHERE msisdn = ?1
    UNION ALL SELECT id FROM ended_subscriptions WHERE msisdn = ?1 AND tenure = ?2
) AS held CROSS JOIN debits AS d ON d.subscription_id = held.id
ORDER BY d.at, d.order_id

-- name: over_of
-- What a holder of a number asked for and no longer has, through the indexes of both tables.
SELECT id, service, state, requested_at, settled_at, reason FROM settled_requests WHERE msisdn = ?1 AND tenure = ?3
UNION ALL
SELECT id, service, 'ended', requested_at, ended_at, reason FROM ended_subscriptions WHERE msisdn = ?1 AND tenure = ?3
ORDER BY id LIMIT ?2

-- name: orders_left
-- Orders that are not settled: few, unless an SMSC is down.
SELECT id, kind, msisdn, tenure, request_id, due_at, until_at, key, source, text, amount_minor, period_at, attempts, state,
    party
FROM orders ORDER BY id LIMIT ?

-- name: entries_since
-- Entries in the order of their ids, for the demo's timeline.
SELECT id, at, msisdn, request_id, kind, document FROM entries WHERE id > ? ORDER BY id LIMIT ?

-- name: entries_newest
-- The newest entries of a number, or of all where it is null, for a page: looked for among the last few thousand.
SELECT id, at, msisdn, kind, salt, hash, document
FROM (SELECT * FROM entries ORDER BY id DESC LIMIT 5000)
WHERE ?1 IS NULL OR msisdn = ?1
ORDER BY id DESC LIMIT ?2

-- name: counts
SELECT
    (SELECT count(*) FROM requests),
    (SELECT count(*) FROM orders WHERE state = 'waiting'),
    (SELECT count(*) FROM orders WHERE state = 'unresolved'),
    (SELECT count(*) FROM parked)

-- name: decided
-- What an event was answered: its entry, if it was decided.
SELECT msisdn, document FROM entries WHERE id = ?

-- name: settled_request
SELECT id, msisdn, service, partner, short_code, channel, state, requested_at, opened_at, due_at, settled_at, price_minor,
    reason
FROM settled_requests WHERE id = ?

-- name: ended_subscription
SELECT id, msisdn, service, partner, short_code, channel, price_minor, period_days, policy, requested_at, opened_at,
    confirmed_at, started_at, ended_at, reason
FROM ended_subscriptions WHERE id = ?
