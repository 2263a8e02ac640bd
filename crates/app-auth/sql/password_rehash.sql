-- The same password at a higher cost: nothing changed for the person.
UPDATE passwords SET phc = $3 WHERE user_id = $1 AND phc = $2
