SELECT jsonb_build_object('content_type', content_type, 'updated_at', updated_at,
                          'base64', translate(encode(content, 'base64'), E'\n', '')) AS record
FROM avatars
WHERE person_id = $1
LIMIT $2
