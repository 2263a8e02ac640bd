UPDATE forward_clients SET groups = array_replace(groups, $2, $1) WHERE $1 = ANY (groups)
