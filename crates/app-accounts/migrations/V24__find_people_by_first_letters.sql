-- For whoever types one or two letters: by words they would be a large part of everybody.
CREATE INDEX people_display_name_begins ON people (lower(display_name) text_pattern_ops) WHERE life_state = 'active';
CREATE INDEX people_family_name_begins ON people (lower(family_name) text_pattern_ops) WHERE life_state = 'active';
CREATE INDEX people_username_begins ON people (lower(username) text_pattern_ops) WHERE life_state = 'active';

-- For the number of people that a list has on all its pages.
CREATE INDEX people_by_state ON people (life_state, role);
