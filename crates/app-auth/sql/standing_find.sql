-- What a person has set up, and the strictest of what is asked of them.
SELECT
    EXISTS (SELECT FROM totp_seeds WHERE user_id = $1) AS totp,
    array(
        SELECT requirement FROM factor_requirements
        WHERE (audience = 'role' AND name = $2) OR (audience = 'group' AND name = ANY ($3))
    ) AS requirements
