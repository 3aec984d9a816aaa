-- Which SIM asked: sixteen bits made of its IMSI, number and tenure, plus one; 0 where no bind told it. Nobody is found
-- by that, and it goes with the request.
ALTER TABLE requests ADD COLUMN sim INTEGER NOT NULL DEFAULT 0 CHECK (sim BETWEEN 0 AND 65536);
