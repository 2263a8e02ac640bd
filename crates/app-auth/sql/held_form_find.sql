SELECT sealed FROM held_forms WHERE form_id = $1 AND user_id = $2 AND created_at > $3
