SELECT content FROM imports WHERE id = $1
