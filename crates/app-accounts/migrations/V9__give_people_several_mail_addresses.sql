-- All mail addresses of people; the one in people.email is the primary one. One index keeps them apart over everybody,
-- whichever kind they are.
CREATE TABLE mail_addresses (
    id          uuid        NOT NULL,
    person_id   uuid        NOT NULL,
    address     text        NOT NULL,
    -- When somebody followed a link that was sent there.
    verified_at timestamptz,
    created_at  timestamptz NOT NULL,
    CONSTRAINT mail_addresses_pk PRIMARY KEY (id),
    CONSTRAINT mail_addresses_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX mail_addresses_unique ON mail_addresses (lower(address));
CREATE INDEX mail_addresses_by_person ON mail_addresses (person_id);

INSERT INTO mail_addresses (id, person_id, address, created_at)
SELECT gen_random_uuid(), id, email, created_at FROM people;

-- Whoever writes people.email, the release before this one included, has it kept apart from all others by this.
CREATE FUNCTION keep_primary_mail_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE mail_addresses SET address = NEW.email WHERE person_id = NEW.id AND lower(address) = lower(NEW.email);
    IF NOT FOUND THEN
        INSERT INTO mail_addresses (id, person_id, address, created_at)
        VALUES (gen_random_uuid(), NEW.id, NEW.email, NEW.updated_at);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER people_email_kept AFTER INSERT OR UPDATE OF email ON people
    FOR EACH ROW EXECUTE FUNCTION keep_primary_mail_address();

-- Somebody says that an address is theirs, and has to follow a link that is sent there. Others may say the same: an
-- address belongs to nobody before that.
CREATE TABLE address_claims (
    id         uuid        NOT NULL,
    person_id  uuid        NOT NULL,
    address    text        NOT NULL,
    -- SHA-256 of what the link holds.
    token_hash bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT address_claims_pk PRIMARY KEY (id),
    CONSTRAINT address_claims_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX address_claims_token ON address_claims (token_hash);
CREATE UNIQUE INDEX address_claims_once ON address_claims (person_id, lower(address));
CREATE INDEX address_claims_ending ON address_claims (expires_at);
