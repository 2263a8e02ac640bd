-- All that is kept of a person goes with them; and who began to sign in as them is forgotten with the name they typed.
WITH gone AS (
    DELETE FROM subjects WHERE user_id = $1
    RETURNING lower(username) AS username, lower(email) AS email
)
DELETE FROM sign_in_flows
USING gone
WHERE lower(sign_in_flows.login) IN (gone.username, gone.email)
