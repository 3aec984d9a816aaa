-- What the operator and the subscriber say of a number (Flag in domain/subscriber.py): its own lock, do-not-call,
-- a child's line, a parental lock, no SMS. Most numbers have no row at all.
ALTER TABLE numbers ADD COLUMN flags INTEGER NOT NULL DEFAULT 0 CHECK (flags >= 0);
