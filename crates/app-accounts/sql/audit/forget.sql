-- The trail keeps that something was done and when, but no longer says of whom or what they were like.
UPDATE audit
SET actor_name  = CASE WHEN actor_id = $1 THEN '' ELSE actor_name END,
    address     = CASE WHEN actor_id = $1 THEN '' ELSE address END,
    target_name = CASE WHEN target_id = $1 THEN '' ELSE target_name END,
    changes     = CASE
        WHEN target_id = $1 THEN '{}'::jsonb
        WHEN changes -> 'manager_id' ? $1::uuid::text THEN changes - 'manager'
        WHEN changes ->> 'person' = $1::uuid::text THEN changes - 'name'
        ELSE changes
    END
WHERE actor_id = $1 OR target_id = $1 OR changes -> 'manager_id' ? $1::uuid::text
   OR changes ->> 'person' = $1::uuid::text
