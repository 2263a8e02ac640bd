-- Notes when people were seen. News that comes late changes nothing, and of strangers nothing is kept.
INSERT INTO last_seen (person_id, seen_at)
SELECT p.id, news.seen_at
FROM unnest($1::uuid[], $2::timestamptz[]) AS news (person_id, seen_at)
JOIN people p ON p.id = news.person_id
ON CONFLICT (person_id) DO UPDATE SET seen_at = excluded.seen_at
WHERE last_seen.seen_at < excluded.seen_at
