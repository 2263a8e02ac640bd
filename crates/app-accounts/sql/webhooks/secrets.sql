-- What signs now, and what goes on signing until it is over.
SELECT secret, CASE WHEN former_until > $2 THEN former_secret END AS former_secret
FROM webhooks
WHERE id = $1
