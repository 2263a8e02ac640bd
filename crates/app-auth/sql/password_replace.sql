-- Only if it is still the one that was checked.
UPDATE passwords SET phc = $3, changed_at = $4, stands_alone_as_of = NULL WHERE user_id = $1 AND phc = $2
