INSERT INTO break_glass_codes (user_id, code_hash, created_at)
SELECT $1, h.code_hash, $3 FROM unnest($2::bytea []) AS h (code_hash)
