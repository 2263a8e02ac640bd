-- Of somebody an asker keeps one: what was ready before makes room.
UPDATE archives former
SET state = 'replaced', content = NULL, size = 0
FROM archives new
WHERE new.id = $1 AND former.person_id = new.person_id AND former.asked_by = new.asked_by AND former.state = 'ready'
