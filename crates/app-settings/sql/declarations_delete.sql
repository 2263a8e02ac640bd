DELETE FROM declarations WHERE app = $1
