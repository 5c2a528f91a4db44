-- +goose Up
CREATE TABLE district_profile (
    one       {{int}} PRIMARY KEY CHECK (one = 1),
    name      {{text}} NOT NULL,
    zone      {{text}} NOT NULL,            -- IANA name, for sites without their own
    lang      {{text}} NOT NULL,
    help_team {{int}},                      -- owns what no other team does
    version   {{int}} NOT NULL DEFAULT 1
) {{strict}};

CREATE TABLE district_site (
    id         {{id}},
    name       {{text}} NOT NULL,
    short      {{text}} NOT NULL,           -- "Marsh", for lists
    fold       {{text}} NOT NULL,           -- folded name, for sorting and matching
    level      {{text}} NOT NULL,           -- elementary, middle, high, combined, office
    enrollment {{int}} NOT NULL DEFAULT 0,
    title_one  {{bool}} NOT NULL DEFAULT FALSE,
    zone       {{text}} NOT NULL,
    team       {{int}},                     -- first help at this site, if it has its own
    active     {{bool}} NOT NULL DEFAULT TRUE,
    version    {{int}} NOT NULL DEFAULT 1
) {{strict}};

CREATE TABLE district_room (
    id      {{id}},
    site    {{int}} NOT NULL REFERENCES district_site (id),
    name    {{text}} NOT NULL,
    fold    {{text}} NOT NULL,
    active  {{bool}} NOT NULL DEFAULT TRUE,
    version {{int}} NOT NULL DEFAULT 1,
    UNIQUE (site, fold)
) {{strict}};

CREATE TABLE district_person (
    id         {{id}},
    name       {{text}} NOT NULL,
    fold       {{text}} NOT NULL,
    email      {{text}},                    -- as written; NULL for people without one
    email_fold {{text}} UNIQUE,
    phone      {{text}} NOT NULL DEFAULT '',
    title      {{text}} NOT NULL DEFAULT '', -- "Grade 7 science"
    lang       {{text}} NOT NULL,
    site       {{int}} REFERENCES district_site (id), -- where they mostly are
    room       {{int}} REFERENCES district_room (id),
    away_until {{ts}},                      -- not present before then
    active     {{bool}} NOT NULL DEFAULT TRUE,
    password   {{text}},                    -- argon2id in PHC form; NULL: no password sign-in
    created    {{ts}} NOT NULL,
    version    {{int}} NOT NULL DEFAULT 1
) {{strict}};
CREATE INDEX district_person_fold ON district_person (fold, id);

-- Roles are held at sites; site 0 is the whole district. A person may hold
-- several roles at several sites.
CREATE TABLE district_grant (
    person {{int}} NOT NULL REFERENCES district_person (id),
    role   {{text}} NOT NULL,
    site   {{int}} NOT NULL DEFAULT 0,
    PRIMARY KEY (person, role, site)
) {{strict}};
CREATE INDEX district_grant_role ON district_grant (role, site);

CREATE TABLE district_team (
    id      {{id}},
    name    {{text}} NOT NULL,
    fold    {{text}} NOT NULL UNIQUE,
    lead    {{int}} NOT NULL REFERENCES district_person (id),
    tier    {{int}} NOT NULL,               -- 1 at the school, 2 district specialist
    active  {{bool}} NOT NULL DEFAULT TRUE,
    version {{int}} NOT NULL DEFAULT 1
) {{strict}};

CREATE TABLE district_member (
    team   {{int}} NOT NULL REFERENCES district_team (id),
    person {{int}} NOT NULL REFERENCES district_person (id),
    PRIMARY KEY (team, person)
) {{strict}};
CREATE INDEX district_member_person ON district_member (person, team);

-- What people rely on (kind service: it breaks) and what somebody must do
-- (kind duty: licenses, accounts, data, training). Each has one owner and who
-- covers for them, never the same person.
CREATE TABLE district_service (
    id      {{id}},
    kind    {{text}} NOT NULL,              -- service, duty
    name    {{text}} NOT NULL,
    fold    {{text}} NOT NULL UNIQUE,
    icon    {{text}} NOT NULL DEFAULT '',
    owner   {{int}} NOT NULL REFERENCES district_person (id),
    cover   {{int}} NOT NULL REFERENCES district_person (id),
    team    {{int}} REFERENCES district_team (id), -- takes requests about it
    active  {{bool}} NOT NULL DEFAULT TRUE,
    version {{int}} NOT NULL DEFAULT 1,
    CHECK (owner <> cover)
) {{strict}};

CREATE TABLE district_session (
    id      {{id}},
    person  {{int}} NOT NULL REFERENCES district_person (id),
    hash    {{blob}} NOT NULL UNIQUE,       -- SHA-256 of the cookie's token
    created {{ts}} NOT NULL,
    seen    {{ts}} NOT NULL,
    expires {{ts}} NOT NULL,
    agent   {{text}} NOT NULL               -- "Chrome on ChromeOS", for the person's own list
) {{strict}};
CREATE INDEX district_session_person ON district_session (person);

CREATE TABLE district_token (
    id      {{id}},
    person  {{int}} NOT NULL REFERENCES district_person (id),
    name    {{text}} NOT NULL,
    hash    {{blob}} NOT NULL UNIQUE,
    scopes  {{text}} NOT NULL,              -- space-separated
    created {{ts}} NOT NULL,
    seen    {{ts}},
    expires {{ts}},
    revoked {{ts}}
) {{strict}};
CREATE INDEX district_token_person ON district_token (person);

-- Failed sign-ins, by account and by network address, for throttling.
CREATE TABLE district_attempt (
    id     {{id}},
    bucket {{text}} NOT NULL,
    at     {{ts}} NOT NULL
) {{strict}};
CREATE INDEX district_attempt_bucket ON district_attempt (bucket, at);

-- The first-run key: used once, then set-up is closed for ever.
CREATE TABLE district_setup (
    one  {{int}} PRIMARY KEY CHECK (one = 1),
    hash {{blob}} NOT NULL,
    used {{ts}}
) {{strict}};
