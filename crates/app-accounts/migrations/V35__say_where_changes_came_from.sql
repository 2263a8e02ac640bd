-- The address a request came from, and what acted on behalf of the actor: a key or an app. Empty for entries before
-- this, and where the platform acted by itself.
ALTER TABLE audit
    ADD COLUMN address text NOT NULL DEFAULT '',
    ADD COLUMN through text NOT NULL DEFAULT '';
