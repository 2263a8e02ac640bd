SELECT count(*) AS total FROM groups
