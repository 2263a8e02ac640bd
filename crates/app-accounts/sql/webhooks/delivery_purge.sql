DELETE FROM webhook_deliveries WHERE created_at < $1
