DELETE FROM account_requests WHERE id = $1
