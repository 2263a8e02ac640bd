INSERT INTO archive_parts (archive_id, service) SELECT $1, unnest($2::text[])
