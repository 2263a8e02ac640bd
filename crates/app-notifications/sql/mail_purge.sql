DELETE FROM mail WHERE settled_at < $1
