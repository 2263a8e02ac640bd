INSERT INTO outbox_stream (epoch) VALUES ($1)
ON CONFLICT (only_row) DO UPDATE SET epoch = excluded.epoch
