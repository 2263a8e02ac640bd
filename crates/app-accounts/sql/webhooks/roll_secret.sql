UPDATE webhooks SET former_secret = secret, former_until = $3, secret = $2, version = version + 1
WHERE id = $1
