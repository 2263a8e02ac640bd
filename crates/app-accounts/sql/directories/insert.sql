INSERT INTO directories (id, name, preset, host, port, security, authority, bind_dn, bind_password, people_base,
                         people_filter, groups_base, groups_filter, mapping, every_minutes, created_at, updated_at, version,
                         sign_in, write_back, web_port)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, $19, $20)
ON CONFLICT ON CONSTRAINT directories_pk DO NOTHING
