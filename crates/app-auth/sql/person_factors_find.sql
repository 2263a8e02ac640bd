-- What a person signs in with, and when each was last used as far as that is kept. The step of a one-time password is
-- its time in units of 30 seconds.
SELECT
    coalesce((SELECT password_directory FROM subjects WHERE user_id = $1), '') AS password_directory,
    (SELECT changed_at FROM passwords WHERE user_id = $1) AS password_changed_at,
    (SELECT created_at FROM totp_seeds WHERE user_id = $1) AS totp_since,
    (SELECT to_timestamp(last_step * 30) FROM totp_seeds WHERE user_id = $1) AS totp_last_used_at,
    (SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS recovery_codes,
    (SELECT max(used_at) FROM recovery_codes WHERE user_id = $1) AS recovery_last_used_at,
    (SELECT requirement FROM person_requirements WHERE user_id = $1) AS personal_requirement
