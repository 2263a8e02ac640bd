-- Name of the directory that keeps the person's password; empty when it is kept here, where then one may be that does not
-- count while a directory keeps theirs.
ALTER TABLE subjects ADD COLUMN password_directory text NOT NULL DEFAULT '';
