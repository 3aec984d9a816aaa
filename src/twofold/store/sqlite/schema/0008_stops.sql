-- Who made each revision of the catalogue, how and why. What was there before came from a file.
ALTER TABLE catalogues ADD COLUMN act TEXT NOT NULL DEFAULT 'import';
ALTER TABLE catalogues ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE catalogues ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
ALTER TABLE catalogues ADD COLUMN why TEXT NOT NULL DEFAULT '';

-- What a stop, or its end, has to do with the numbers that it hits: they are walked in their own order, never by an id
-- that grows, and `after` is the last one that is done.
CREATE TABLE sweeps (
    revision INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('partner', 'service')),
    name TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    paused_ms INTEGER NOT NULL CHECK (paused_ms >= 0),
    after INTEGER NOT NULL,
    swept INTEGER NOT NULL,
    done_at INTEGER
) STRICT;

-- What one person proposed and another one must approve: the end of a stop.
CREATE TABLE proposals (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('partner', 'service')),
    name TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    proposed_by TEXT NOT NULL CHECK (proposed_by <> ''),
    why TEXT NOT NULL,
    approved_at INTEGER,
    approved_by TEXT,
    revision INTEGER,
    CHECK ((approved_at IS NULL) = (approved_by IS NULL)),
    CHECK (approved_by <> proposed_by)
) STRICT;
