-- Grants of a thing that count no more.
DELETE FROM grants
WHERE app_id = $1 AND resource_kind = $2 AND resource_id = $3 AND ends_at <= $4
