-- What directories, provisioning clients and imports call the person.
SELECT jsonb_build_object('kind', kind, 'from', source, 'called', called, 'locked', locked) AS record
FROM (
    SELECT CASE WHEN d.id IS NULL THEN 'provisioning' ELSE 'directory' END AS kind,
           COALESCE(d.name, p.client_id::text) AS source, p.external_id AS called, p.locked
    FROM provisioned_people p LEFT JOIN directories d ON d.id = p.client_id
    WHERE p.person_id = $1
    UNION ALL
    SELECT 'user_name', '', user_name, NULL FROM provisioned_names WHERE person_id = $1
    UNION ALL
    SELECT 'import', import_id::text, concat_ws(' ', username, email, name), NULL
    FROM import_rows WHERE person_id = $1
) AS sources
ORDER BY kind, source
LIMIT $2
