UPDATE outbox SET sent_at = NULL WHERE sent_at > now() - make_interval(secs => $1)
