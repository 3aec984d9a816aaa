-- Whose code it was that came from another number: only requests that are confirmed by a code are in it.
CREATE INDEX requests_code ON requests (code) WHERE code IS NOT NULL;
