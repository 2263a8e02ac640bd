DELETE FROM factor_requirements WHERE audience = $1 AND name = $2
