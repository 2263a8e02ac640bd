DELETE FROM custom_fields
WHERE retired_at <= $1
