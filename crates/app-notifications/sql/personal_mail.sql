-- That mail was sent; what it said is not kept in the open.
SELECT jsonb_build_object('sender', sender, 'template', template, 'state', state, 'recipient', recipient) AS record
FROM mail
WHERE person_id = $1
ORDER BY mail_id DESC
LIMIT $2
