SELECT audience, name, requirement FROM factor_requirements ORDER BY audience, name
