UPDATE outbox SET sent_at = now() WHERE position = ANY ($1)
