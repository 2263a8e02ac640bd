SELECT id, name, rule FROM groups WHERE rule IS NOT NULL ORDER BY id
