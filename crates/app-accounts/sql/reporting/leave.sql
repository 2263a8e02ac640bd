UPDATE people
SET manager_id = NULL, updated_at = $2, version = version + 1
WHERE manager_id = $1
RETURNING id
