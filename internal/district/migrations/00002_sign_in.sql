-- +goose Up
-- Links by which a person sets a password: seven days, once. Asking for a new
-- one ends the ones before it.
CREATE TABLE district_invite (
    id      {{id}},
    person  {{int}} NOT NULL REFERENCES district_person (id),
    hash    {{blob}} NOT NULL UNIQUE,       -- SHA-256 of the link's token
    created {{ts}} NOT NULL,
    expires {{ts}} NOT NULL,
    used    {{ts}}
) {{strict}};
CREATE INDEX district_invite_person ON district_invite (person);

-- What a person is found by while somebody types: each word of the name and
-- the e-mail address, folded. Prefixes are ranges of the index, which gives
-- them in the order of the list, so that finding ten of many reads ten.
CREATE TABLE district_name (
    person {{int}} NOT NULL REFERENCES district_person (id),
    word   {{text}} NOT NULL,
    fold   {{text}} NOT NULL,               -- the person's
    PRIMARY KEY (person, word)
) {{strict}};
CREATE INDEX district_name_word ON district_name (word, fold, person);

-- Sweeping goes by time.
CREATE INDEX district_attempt_at ON district_attempt (at);
CREATE INDEX district_session_expires ON district_session (expires);

-- Home sites, leads and owners are looked up when a person or a place leaves.
CREATE INDEX district_person_site ON district_person (site);
CREATE INDEX district_team_lead ON district_team (lead);
CREATE INDEX district_service_owner ON district_service (owner);
CREATE INDEX district_service_cover ON district_service (cover);
