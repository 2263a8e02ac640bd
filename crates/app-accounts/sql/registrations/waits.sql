-- Whether somebody with this address waits for a decision already.
SELECT EXISTS (SELECT FROM account_requests WHERE lower(email) = lower($1) AND state = 'open') AS waits
