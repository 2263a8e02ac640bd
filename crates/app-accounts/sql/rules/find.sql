SELECT rule FROM groups WHERE id = $1
