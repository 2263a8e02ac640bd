-- Memberships of these people in these groups, as of $3, and whether each is there by the rule.
SELECT group_id, person_id, by_rule
FROM group_people
WHERE group_id = ANY ($1) AND person_id = ANY ($2) AND (ends_at IS NULL OR ends_at > $3)
