INSERT INTO sponsorships (guest_id, sponsor_id, since)
VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT sponsorships_pk DO UPDATE SET sponsor_id = excluded.sponsor_id, since = excluded.since
WHERE sponsorships.sponsor_id <> excluded.sponsor_id
