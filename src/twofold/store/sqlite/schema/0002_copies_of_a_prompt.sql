-- What is known of each of a prompt's two copies: NULL while there is one, and nothing bad is known of it.
ALTER TABLE requests ADD COLUMN copies_known TEXT;
