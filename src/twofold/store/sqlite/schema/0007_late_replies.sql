-- How long a pending request waits past its deadline for replies that were sent in time: its timer, due_at, is so much
-- later than the end of its window.
ALTER TABLE requests ADD COLUMN late_ms INTEGER NOT NULL DEFAULT 0 CHECK (late_ms >= 0);
