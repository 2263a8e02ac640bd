-- Who was there by the rule is there by themselves from now on.
UPDATE group_people SET by_rule = false WHERE group_id = $1 AND by_rule
