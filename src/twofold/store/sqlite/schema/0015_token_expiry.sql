-- A token may end by itself; without a time it is in force until it is revoked.
ALTER TABLE tokens ADD COLUMN expires_at INTEGER CHECK (expires_at > created_at);
