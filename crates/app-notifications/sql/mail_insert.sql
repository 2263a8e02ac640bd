INSERT INTO mail (
    mail_id, sender, idempotency_key, template, class, person_id, recipient, sealed, state, attempts, trouble, reply,
    accepted_at, expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', 0, '', '', $9, $10)
ON CONFLICT ON CONSTRAINT mail_once DO NOTHING
