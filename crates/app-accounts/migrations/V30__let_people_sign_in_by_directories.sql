-- Whether people who come from the directory sign in with the password that it keeps. Off until somebody says so: whoever
-- runs the directory can then be anybody who comes from it.
ALTER TABLE directories ADD COLUMN sign_in boolean NOT NULL DEFAULT false;
