-- Sessions, and keys that were revoked or ended early: whatever a gateway may remember.
SELECT session_id, user_id, token_hash FROM sessions WHERE ended_at >= $1
UNION ALL
SELECT key_id, COALESCE(user_id, service_account_id), secret_hash FROM api_keys WHERE revoked_at >= $1
