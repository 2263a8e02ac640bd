UPDATE forward_clients SET groups = array_replace(groups, $1, $2) WHERE $1 = ANY (groups)
