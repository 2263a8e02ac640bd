SELECT person_id, seen_at FROM last_seen WHERE person_id = ANY ($1)
