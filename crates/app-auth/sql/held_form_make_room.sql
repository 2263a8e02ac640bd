-- Leaves a person the newest of their forms.
DELETE FROM held_forms
WHERE form_id IN (SELECT form_id FROM held_forms WHERE user_id = $1 ORDER BY created_at DESC, form_id DESC OFFSET $2)
