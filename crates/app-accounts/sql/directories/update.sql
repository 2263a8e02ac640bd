UPDATE directories
SET name = $2, preset = $3, host = $4, port = $5, security = $6, authority = $7, bind_dn = $8, bind_password = $9,
    people_base = $10, people_filter = $11, groups_base = $12, groups_filter = $13, mapping = $14,
    every_minutes = $15, updated_at = $16, version = version + 1, sign_in = $18,
    write_back = $19, web_port = $20
WHERE id = $1 AND version = $17
