-- What a batch loads: the snapshots of all its numbers, one query a table, each a join on an array of numbers.

-- name: newest_revision
-- The catalogue revision that this batch must be decided by.
SELECT coalesce(max(revision), 0) FROM catalogues

-- name: data_version
-- Changes whenever another connection has written: then nothing that was kept counts.
PRAGMA data_version

-- name: load_numbers
SELECT n.msisdn, n.tenure, n.language, n.memory, n.flags, n.line
FROM carray(?) AS wanted CROSS JOIN numbers AS n ON n.msisdn = wanted.value

-- name: load_accounts
-- A former holder's account is theirs: the tenure tells it.
SELECT a.msisdn, a.tenure, a.balance_minor
FROM carray(?) AS wanted CROSS JOIN accounts AS a ON a.msisdn = wanted.value

-- name: load_requests
SELECT r.msisdn, r.tenure, r.id, r.service, r.partner, r.short_code, r.channel, r.language, r.state, r.requested_at,
    r.price_minor, r.period_days, r.auto_renew, r.revision, r.policy, r.due_at, r.names_service, r.order_id, r.copies,
    r.handed_over_at, r.printed_until_at, r.opened_at, r.parts_left, r.delivered_at, r.held, r.seen,
    r.copies_known, r.succeeds, r.late_ms, r.code, r.replaces, r.sim
FROM carray(?) AS wanted CROSS JOIN requests AS r ON r.msisdn = wanted.value

-- name: load_subscriptions
SELECT s.msisdn, s.tenure, s.id, s.service, s.partner, s.short_code, s.channel, s.language, s.state, s.price_minor,
    s.period_days, s.auto_renew, s.revision, s.policy, s.requested_at, s.opened_at, s.confirmed_at, s.started_at,
    s.renews_at, s.order_id, s.reason, s.seen, s.is_returned, s.paused_at
FROM carray(?) AS wanted CROSS JOIN subscriptions AS s ON s.msisdn = wanted.value

-- name: load_seen
-- Keys are looked for in one hour at a time, since the hour leads them.
SELECT k.msisdn, k.key, k.at, k.digest
FROM carray(?) AS wanted CROSS JOIN mo_keys AS k ON k.hour = ? AND k.key = wanted.value

-- name: load_fragments
SELECT f.msisdn, f.short_code, f.reference, f.total, f.number, f.tenure, f.data_coding, f.locking, f.single, f.octets,
    f.at, f.effective_at
FROM carray(?) AS wanted CROSS JOIN fragments AS f ON f.msisdn = wanted.value

-- name: load_sent
SELECT msisdn, tenure, smsc, message_id, order_id, request_id, key
FROM carray(?) AS wanted CROSS JOIN sent ON smsc = ? AND message_id = wanted.value

-- name: load_unsettled
-- Which orders of a list are not settled: a settled one has no row.
SELECT o.msisdn, o.id
FROM carray(?) AS wanted CROSS JOIN orders AS o ON o.id = wanted.value
WHERE o.state <> 'unresolved'

-- name: load_complaints
SELECT c.msisdn, c.id, c.tenure, c.about_id, c.service, c.channel, c.state, c.opened_at, c.answer_by_at
FROM carray(?) AS wanted CROSS JOIN complaints AS c ON c.msisdn = wanted.value
ORDER BY c.id

-- name: load_past
-- What is over of numbers that complain, since a moment: the charging history that is kept for look-up.
SELECT e.msisdn, e.tenure, e.id, e.service, e.short_code
FROM carray(?1) AS wanted CROSS JOIN ended_subscriptions AS e ON e.msisdn = wanted.value
WHERE e.ended_at >= ?2
ORDER BY e.id

-- name: load_spent
-- What each number's present holder was charged since a moment, refunds taken off, through live and ended
-- subscriptions.
WITH held (msisdn, id) AS (
    SELECT s.msisdn, s.id FROM carray(?1) AS wanted CROSS JOIN subscriptions AS s ON s.msisdn = wanted.value
    UNION ALL
    SELECT e.msisdn, e.id
    FROM carray(?1) AS wanted LEFT JOIN numbers AS n ON n.msisdn = wanted.value
        CROSS JOIN ended_subscriptions AS e ON e.msisdn = wanted.value AND e.tenure = coalesce(n.tenure, 0)
)
SELECT held.msisdn, sum(d.amount_minor)
FROM held CROSS JOIN debits AS d ON d.subscription_id = held.id
WHERE d.at >= ?2
GROUP BY held.msisdn
