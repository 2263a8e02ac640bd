-- The session a chain of sessions of one person in one browser began with: each proof that it is still them begins
-- another, and the forms that are open in other tabs stay good. None: the session began with itself, or a version
-- began it that knows no lineage.
ALTER TABLE sessions ADD COLUMN lineage_id uuid;
