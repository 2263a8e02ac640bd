SELECT phc FROM passwords WHERE user_id = $1
