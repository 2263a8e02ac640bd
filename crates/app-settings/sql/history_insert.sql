INSERT INTO history
    (id, app, key, action, secret, old_value, new_value, revision, changed_at, changed_by, changed_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
