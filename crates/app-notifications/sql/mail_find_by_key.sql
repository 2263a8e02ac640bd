SELECT mail_id FROM mail WHERE sender = $1 AND idempotency_key = $2
