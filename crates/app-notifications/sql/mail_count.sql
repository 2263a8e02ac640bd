SELECT count(*) AS queued FROM mail WHERE state = 'queued'
