-- That mail was sent; what it said is not kept in the open.
SELECT jsonb_build_object('sender', sender, 'template', template, 'class', class, 'recipient', recipient,
                          'state', state, 'attempts', attempts, 'trouble', trouble, 'reply', reply,
                          'accepted_at', accepted_at, 'expires_at', expires_at, 'settled_at', settled_at) AS record
FROM mail
WHERE person_id = $1
ORDER BY accepted_at DESC, mail_id DESC
LIMIT $2
