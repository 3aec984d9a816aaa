-- The catalogue's ledger: revisions, sweeps and proposals. Nothing here is part of deciding an event.

-- name: newest_catalogue
SELECT revision, digest, document FROM catalogues ORDER BY revision DESC LIMIT 1

-- name: imported_catalogue
SELECT document FROM catalogues WHERE act = 'import' ORDER BY revision DESC LIMIT 1

-- name: add_catalogue
-- Nothing is decided between the look at the entries and the commit, for the write lock is held.
INSERT INTO catalogues (revision, imported_at, digest, document, act, about, made_by, why, after_entry)
SELECT coalesce(max(revision), 0) + 1, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM entries)
FROM catalogues RETURNING revision

-- name: latest_entry_at
-- Ids grow with time; the column itself has no index.
SELECT at FROM entries ORDER BY id DESC LIMIT 1

-- name: revisions
SELECT revision, imported_at, act, about, made_by, why FROM (
    SELECT * FROM catalogues ORDER BY revision DESC LIMIT ?
) ORDER BY revision

-- name: add_sweep
INSERT INTO sweeps (revision, kind, name, begun_at, paused_ms, after, swept) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: next_sweep
SELECT revision, kind, name, begun_at, paused_ms, after, swept
FROM sweeps WHERE done_at IS NULL ORDER BY revision LIMIT 1

-- name: step_end
-- Up to which number a step looks: as far as its rows of either table go. A table with fewer rows left is at its end.
SELECT min(upto) FROM (
    SELECT max(msisdn) AS upto, count(*) AS found
    FROM (SELECT msisdn FROM subscriptions WHERE msisdn > ?1 ORDER BY msisdn LIMIT ?2)
    UNION ALL
    SELECT max(msisdn), count(*)
    FROM (SELECT msisdn FROM requests WHERE msisdn > ?1 ORDER BY msisdn LIMIT ?2)
) WHERE found = ?2

-- name: step_of_partner
SELECT msisdn FROM subscriptions WHERE msisdn > ?1 AND msisdn <= ?2 AND partner = ?3
UNION
SELECT msisdn FROM requests WHERE msisdn > ?1 AND msisdn <= ?2 AND partner = ?3
ORDER BY msisdn

-- name: step_of_service
SELECT msisdn FROM subscriptions WHERE msisdn > ?1 AND msisdn <= ?2 AND service = ?3
UNION
SELECT msisdn FROM requests WHERE msisdn > ?1 AND msisdn <= ?2 AND service = ?3
ORDER BY msisdn

-- name: advance_sweep
UPDATE sweeps SET after = ?, swept = ?, done_at = ? WHERE revision = ?

-- name: hit_of_partner
-- Read once, beside the engine, on a snapshot: it walks both tables.
SELECT
    (SELECT count(*) FROM requests WHERE partner = ?1),
    (SELECT count(*) FROM subscriptions WHERE partner = ?1 AND state IN ('active', 'grace'))

-- name: hit_of_service
SELECT
    (SELECT count(*) FROM requests WHERE service = ?1),
    (SELECT count(*) FROM subscriptions WHERE service = ?1 AND state IN ('active', 'grace'))

-- name: add_proposal
INSERT INTO proposals (kind, name, proposed_at, proposed_by, why) VALUES (?, ?, ?, ?, ?) RETURNING id

-- name: proposals
SELECT id, kind, name, proposed_at, proposed_by, why, approved_by
FROM proposals WHERE approved_at IS NULL ORDER BY id

-- name: approve_proposal
UPDATE proposals SET approved_at = ?, approved_by = ?, revision = ? WHERE id = ? AND approved_at IS NULL
