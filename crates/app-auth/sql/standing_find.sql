-- What a person has set up, and all that is asked of them: by role, by group, by themselves.
SELECT
    EXISTS (SELECT FROM totp_seeds WHERE user_id = $1) AS totp,
    EXISTS (SELECT FROM passkeys WHERE user_id = $1) AS passkeys,
    EXISTS (SELECT FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS paper,
    array(
        SELECT requirement FROM factor_requirements
        WHERE (audience = 'role' AND name = $2) OR (audience = 'group' AND name = ANY ($3))
        UNION ALL
        SELECT requirement FROM person_requirements WHERE user_id = $1
    ) AS requirements
