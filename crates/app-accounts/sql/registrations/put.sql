INSERT INTO account_requests (id, email, display_name, note, locale, state, token_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, 'unproven', $6, $7, $8)
ON CONFLICT (lower(email), state) WHERE state IN ('unproven', 'open')
DO UPDATE SET id = excluded.id, email = excluded.email, display_name = excluded.display_name, note = excluded.note,
              locale = excluded.locale, token_hash = excluded.token_hash, created_at = excluded.created_at,
              expires_at = excluded.expires_at
