UPDATE groups SET rule = $2, updated_at = $3, version = version + 1 WHERE id = $1
