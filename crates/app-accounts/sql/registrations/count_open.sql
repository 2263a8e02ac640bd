SELECT count(*) AS requests FROM account_requests WHERE state = 'open'
