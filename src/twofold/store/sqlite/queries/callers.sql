-- Tokens and idempotency keys: looked at for each call over HTTP, never in a batch.

-- name: find_token
SELECT id, hash, role, partner, label, created_at, revoked_at, expires_at FROM tokens WHERE hash = ?

-- name: list_tokens
SELECT id, hash, role, partner, label, created_at, revoked_at, expires_at FROM tokens ORDER BY id LIMIT ?

-- name: add_token
INSERT INTO tokens (hash, role, partner, label, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id

-- name: revoke_token
-- Once: the first time is the one that counts.
UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING id

-- name: find_key
SELECT digest, event_id, status, answer FROM idempotency_keys WHERE owner = ? AND key = ?

-- name: reserve_key
-- A reservation that led to nothing is taken again with another event; one that was answered stays as it is.
INSERT INTO idempotency_keys (owner, key, digest, event_id, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (owner, key) DO UPDATE SET event_id = excluded.event_id, at = excluded.at WHERE status IS NULL

-- name: answer_key
UPDATE idempotency_keys SET status = ?, answer = ? WHERE owner = ? AND key = ?

-- name: prune_keys
DELETE FROM idempotency_keys WHERE at < ?
