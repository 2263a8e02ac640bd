-- Whether the password is still the one that was checked; keeps it so until the transaction ends.
SELECT FROM passwords WHERE user_id = $1 AND phc = $2 FOR SHARE
