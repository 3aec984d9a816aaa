-- The code that a request's prompt prints and how often it was missed; NULL where a word confirms.
ALTER TABLE requests ADD COLUMN code TEXT;
