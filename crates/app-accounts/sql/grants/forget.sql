-- All grants of a thing that is gone.
DELETE FROM grants
WHERE app_id = $1 AND resource_kind = $2 AND resource_id = $3
