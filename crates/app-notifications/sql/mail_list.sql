SELECT mail_id, sender, template, class, recipient, state, attempts, trouble, reply, accepted_at, settled_at
FROM mail
ORDER BY accepted_at DESC, mail_id DESC
LIMIT $1 OFFSET $2
