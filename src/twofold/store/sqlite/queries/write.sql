-- What a batch writes: each statement is run once for all its rows.

-- name: put_number
INSERT INTO numbers (msisdn, tenure, language, memory, flags, line) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (msisdn) DO UPDATE SET
    tenure = excluded.tenure, language = excluded.language, memory = excluded.memory, flags = excluded.flags,
    line = excluded.line

-- name: put_account
INSERT INTO accounts (msisdn, tenure, balance_minor) VALUES (?, ?, ?)
ON CONFLICT (msisdn) DO UPDATE SET tenure = excluded.tenure, balance_minor = excluded.balance_minor

-- name: open_request
INSERT INTO requests (
    msisdn, tenure, id, service, partner, short_code, channel, language, state, requested_at, price_minor, period_days,
    auto_renew, revision, policy, due_at, names_service, order_id, copies, handed_over_at, printed_until_at, opened_at,
    parts_left, delivered_at, held, seen, copies_known, succeeds, late_ms, code, replaces, sim
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: change_request
-- Only what can change; the row must be as it was read.
UPDATE requests SET
    state = ?, due_at = ?, order_id = ?, copies = ?, handed_over_at = ?, printed_until_at = ?, opened_at = ?,
    parts_left = ?, delivered_at = ?, held = ?, copies_known = ?, late_ms = ?, code = ?, sim = ?
WHERE msisdn = ? AND tenure = ? AND id = ? AND state = ?

-- name: close_request
DELETE FROM requests WHERE msisdn = ? AND tenure = ? AND id = ? AND state = ?

-- name: settle_request
INSERT INTO settled_requests (
    id, msisdn, tenure, service, partner, short_code, channel, state, requested_at, opened_at, due_at, settled_at,
    price_minor, revision, policy, copies, reason
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: begin_subscription
INSERT INTO subscriptions (
    msisdn, tenure, id, service, partner, short_code, channel, language, state, price_minor, period_days, auto_renew,
    revision, policy, requested_at, opened_at, confirmed_at, started_at, renews_at, order_id, reason, seen,
    is_returned, paused_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: change_subscription
UPDATE subscriptions SET
    state = ?, started_at = ?, renews_at = ?, order_id = ?, reason = ?, is_returned = ?, paused_at = ?
WHERE msisdn = ? AND tenure = ? AND id = ? AND state = ?

-- name: close_subscription
DELETE FROM subscriptions WHERE msisdn = ? AND tenure = ? AND id = ? AND state = ?

-- name: end_subscription
INSERT INTO ended_subscriptions (
    id, msisdn, tenure, service, partner, short_code, channel, price_minor, period_days, revision, policy,
    requested_at, opened_at, confirmed_at, started_at, ended_at, reason
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: add_debit
INSERT INTO debits (subscription_id, kind, period_at, order_id, msisdn, tenure, at, amount_minor, service)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: put_complaint
INSERT INTO complaints (id, msisdn, tenure, about_id, service, channel, state, opened_at, answer_by_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET state = excluded.state

-- name: add_mo_key
INSERT INTO mo_keys (hour, key, msisdn, at, digest) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (hour, key) DO UPDATE SET at = excluded.at, digest = excluded.digest

-- name: drop_fragment
DELETE FROM fragments WHERE msisdn = ? AND short_code = ? AND reference = ? AND total = ? AND number = ?

-- name: put_fragment
INSERT INTO fragments (
    msisdn, short_code, reference, total, number, tenure, data_coding, locking, single, octets, at, effective_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: add_order
INSERT INTO orders (
    id, kind, msisdn, tenure, request_id, due_at, until_at, key, source, text, amount_minor, period_at, attempts, state,
    epoch, party
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: change_order
UPDATE orders SET due_at = ?, until_at = ?, text = ?, attempts = ?, state = ?, epoch = ? WHERE id = ?

-- name: settle_order
DELETE FROM orders WHERE id = ?

-- name: await_receipt
INSERT INTO sent (smsc, message_id, msisdn, tenure, order_id, request_id, key, until_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (smsc, message_id) DO UPDATE SET
    msisdn = excluded.msisdn, tenure = excluded.tenure, order_id = excluded.order_id,
    request_id = excluded.request_id, key = excluded.key, until_at = excluded.until_at

-- name: forget_receipt
DELETE FROM sent WHERE smsc = ? AND message_id = ?

-- name: add_entry
INSERT INTO entries (id, at, msisdn, tenure, request_id, kind, salt, hash, document)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: park_event
-- One that is parked again, since nobody knew whether it was kept, is kept once.
INSERT INTO parked (id, at, msisdn, why, event) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET why = excluded.why, event = excluded.event

-- name: begin_epoch
INSERT INTO epochs (epoch, started_at) SELECT coalesce(max(epoch), 0) + 1, ? FROM epochs RETURNING epoch

-- name: touch_epoch
-- Changes nothing, and must reach the disk all the same.
UPDATE epochs SET started_at = started_at WHERE epoch = (SELECT max(epoch) FROM epochs)
