INSERT INTO declarations (app, key, position, declaration) VALUES ($1, $2, $3, $4)
