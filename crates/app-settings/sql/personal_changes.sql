-- What somebody set for everybody. Nobody has settings of their own here; values of secrets are never in the history.
SELECT jsonb_build_object('app', app, 'key', key, 'action', action, 'value', new_value, 'changed_at', changed_at) AS record
FROM history
WHERE changed_by = $1
ORDER BY id DESC
LIMIT $2
