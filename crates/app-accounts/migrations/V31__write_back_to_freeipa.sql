-- Whether what is done here is written to the directory by FreeIPA's web interface, and its port on the same host.
ALTER TABLE directories ADD COLUMN write_back boolean NOT NULL DEFAULT false;
ALTER TABLE directories ADD COLUMN web_port integer NOT NULL DEFAULT 443;
ALTER TABLE directories ADD CONSTRAINT directories_web_port CHECK (web_port BETWEEN 1 AND 65535);
