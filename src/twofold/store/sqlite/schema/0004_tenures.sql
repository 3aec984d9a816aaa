-- What was reported of a number itself, and which request was taken up again after a change of SIM.

-- JSON of domain.numbers.Line; NULL where nothing was ever reported.
ALTER TABLE numbers ADD COLUMN line TEXT;

ALTER TABLE requests ADD COLUMN succeeds INTEGER NOT NULL DEFAULT 0 CHECK (succeeds >= 0);
