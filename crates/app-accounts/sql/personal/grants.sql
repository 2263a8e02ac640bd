-- What apps let the person do with their things, by a grant of their own; levels as in `cloud.accounts.v1`.
SELECT jsonb_build_object('app', app_id, 'kind', resource_kind, 'id', resource_id, 'level', level,
                          'granted_at', granted_at, 'ends_at', ends_at) AS record
FROM grants
WHERE person_id = $1
ORDER BY app_id, resource_kind, resource_id
LIMIT $2
