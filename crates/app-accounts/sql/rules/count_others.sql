SELECT count(*) AS groups FROM groups WHERE rule IS NOT NULL AND id <> $1
