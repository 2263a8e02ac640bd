-- Who answers for a guest: one person for each, who may be gone or without access by now.
CREATE TABLE sponsorships (
    guest_id   uuid        NOT NULL,
    sponsor_id uuid        NOT NULL,
    since      timestamptz NOT NULL,
    CONSTRAINT sponsorships_pk PRIMARY KEY (guest_id),
    CONSTRAINT sponsorships_guest_fk FOREIGN KEY (guest_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT sponsorships_sponsor_fk FOREIGN KEY (sponsor_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT sponsorships_of_others CHECK (guest_id <> sponsor_id)
);
CREATE INDEX sponsorships_by_sponsor ON sponsorships (sponsor_id);
CREATE INDEX people_guests ON people (lower(display_name), id) WHERE role = 'guest';
