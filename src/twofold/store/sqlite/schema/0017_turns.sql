-- Whose turn a waiting text takes, so that those of one partner hold up nobody else's: by short code, since one link may
-- be down while another is up, and by party, empty for the operator's own.
ALTER TABLE orders ADD COLUMN party TEXT NOT NULL DEFAULT '';

CREATE INDEX orders_in_turn ON orders (source, party, due_at) WHERE state = 'waiting';
