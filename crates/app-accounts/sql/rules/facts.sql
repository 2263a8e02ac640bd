-- What rules are held against. Who is in the trash is in no group by a rule.
SELECT p.id, p.display_name, p.department, p.title, p.role, p.email, p.locale, p.life_state,
       p.life_state <> 'deleted' AS counts,
       coalesce((SELECT above.username FROM people above WHERE above.id = p.manager_id), '') AS manager,
       coalesce((SELECT jsonb_object_agg(f.name, v.value)
                 FROM custom_values v JOIN custom_fields f ON f.id = v.field_id
                 WHERE v.person_id = p.id AND f.retired_at IS NULL), '{}') AS declared
FROM people p
WHERE p.id = ANY ($1)
