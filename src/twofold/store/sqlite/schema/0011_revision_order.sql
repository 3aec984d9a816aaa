-- Which entries were there when a revision was committed: what has a greater id was decided by it, or by a later one.
-- Of revisions from before nobody knows.
ALTER TABLE catalogues ADD COLUMN after_entry INTEGER NOT NULL DEFAULT 9223372036854775807;
