DELETE FROM held_forms WHERE form_id = $1 AND user_id = $2
