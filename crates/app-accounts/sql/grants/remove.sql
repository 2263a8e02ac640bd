DELETE FROM grants
WHERE app_id = $1 AND resource_kind = $2 AND resource_id = $3 AND grantee_kind = $4 AND grantee_id = $5
