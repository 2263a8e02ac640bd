-- Whether the browser asked to be remembered: such a session may last longer, by setting.
ALTER TABLE sessions ADD COLUMN remembered boolean NOT NULL DEFAULT false;

-- Ends all sessions of a person at once: a session counts only in the generation it began in. A version that does
-- not know generations begins sessions without one; those end row by row, as before.
ALTER TABLE subjects ADD COLUMN session_generation bigint NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN generation bigint;

-- Whether somebody who is signed in signs in with a further account.
ALTER TABLE sign_in_flows ADD COLUMN adds boolean NOT NULL DEFAULT false;
