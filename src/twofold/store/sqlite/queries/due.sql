-- What falls due, and what a start finds.

-- name: due_requests
SELECT msisdn, id, due_at, tenure FROM requests WHERE due_at <= ? ORDER BY due_at LIMIT ?

-- name: due_requests_but
-- The same without pending requests on some short codes that fell due after a moment: after an outage only.
SELECT msisdn, id, due_at, tenure FROM requests
WHERE due_at <= ?1
    AND (state <> 'pending' OR due_at <= ?4 OR short_code NOT IN (SELECT value FROM carray(?3)))
ORDER BY due_at LIMIT ?2

-- name: forget_whole
-- What is kept of long messages that became whole, so that a part which is resent is known.
DELETE FROM fragments WHERE number = 0 AND at <= ?

-- name: due_fragments
SELECT DISTINCT msisdn, short_code, reference, total FROM fragments WHERE at <= ? ORDER BY at LIMIT ?

-- name: count_fragments
SELECT count(*) FROM fragments

-- name: next_request_due
SELECT min(due_at) FROM requests

-- name: due_orders
SELECT id, kind, msisdn, tenure, request_id, due_at, until_at, key, source, text, amount_minor, period_at, attempts, state,
    party
FROM orders WHERE state = 'waiting' AND source = ? AND party = ? AND due_at <= ? ORDER BY due_at LIMIT ?

-- name: due_parties
-- Each pair once, with the first of it that falls due: one step through the index each, and no walk over all that waits.
WITH RECURSIVE pairs (source, party, due_at) AS (
    SELECT source, party, due_at
    FROM (
        SELECT source, party, due_at FROM orders
        WHERE state = 'waiting' ORDER BY source, party, due_at LIMIT 1
    )
    UNION ALL
    SELECT first.source, first.party, first.due_at
    FROM pairs CROSS JOIN orders AS first
    WHERE first.id = (
        SELECT id FROM orders
        WHERE state = 'waiting' AND (source, party) > (pairs.source, pairs.party)
        ORDER BY source, party, due_at LIMIT 1
    )
)
SELECT source, party FROM pairs WHERE due_at <= ?

-- name: next_order_due
SELECT min(due_at) FROM orders WHERE state = 'waiting'

-- name: unsettled_orders
-- Asked at a start alone: the table holds what is not settled, and is walked once.
SELECT id, kind, msisdn, tenure, request_id, due_at, until_at, key, source, text, amount_minor, period_at, attempts, state,
    party
FROM orders WHERE key = ? AND id > ? ORDER BY id LIMIT ?

-- name: orphaned_orders
-- Claimed by an engine that is dead: their outcome is unknown. Waiting and unresolved ones are not touched.
SELECT id, kind, msisdn, tenure, request_id, due_at, until_at, key, source, text, amount_minor, period_at, attempts, state,
    party
FROM orders WHERE state = 'claimed' AND epoch < ? AND id > ? ORDER BY id LIMIT ?

-- name: asked_for_code
-- Whose prompt printed a code, through the index of those that have one.
SELECT DISTINCT msisdn FROM requests
WHERE code >= ? AND code < ? AND short_code = ? AND state <> 'checking'
LIMIT ?

-- name: greatest_id
-- The greatest event id in use: every event left an entry, or was parked.
SELECT max(
    (SELECT coalesce(max(id), 0) FROM entries),
    (SELECT coalesce(max(id), 0) FROM parked)
)

-- name: punctual_minutes
-- By SMSC, minutes in which a message came soon after it was sent, and the least that one took; of the last few thousand.
SELECT smsc, at / 60000, min(at - sent_at)
FROM (
    SELECT at, document ->> '$.heard.smsc' AS smsc, document ->> '$.heard.smsc_at' AS sent_at
    FROM (SELECT at, kind, document FROM entries ORDER BY id DESC LIMIT 5000)
    WHERE kind = 'message_received'
)
WHERE abs(at - sent_at) <= ?
GROUP BY 1, 2 ORDER BY 2

-- name: prune_mo_keys
DELETE FROM mo_keys WHERE hour < ?

-- name: prune_sent
DELETE FROM sent WHERE until_at < ?
