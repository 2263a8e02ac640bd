INSERT INTO people (id, username, email, display_name, given_name, family_name, title, department, phone, role, ends_on,
                    manager_id, state, created_at, updated_at)
SELECT id, username, email, display_name, given_name, family_name, title, department, phone, role, ends_on,
       manager_id, 'invited', $13, $13
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::date[], $12::uuid[])
    AS p (id, username, email, display_name, given_name, family_name, title, department, phone, role, ends_on, manager_id)
