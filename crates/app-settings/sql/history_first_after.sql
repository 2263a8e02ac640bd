-- Per key the oldest change after a version: what it replaced is what a form of that version showed.
SELECT DISTINCT ON (key) key, secret, old_value
FROM history
WHERE app = $1 AND revision > $2
ORDER BY key, revision, id
