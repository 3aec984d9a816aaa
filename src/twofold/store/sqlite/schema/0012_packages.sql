-- The package of the same group that a request takes the place of, as its prompt says; empty: none.
ALTER TABLE requests ADD COLUMN replaces TEXT NOT NULL DEFAULT '';
