-- +goose Up
-- When somebody gives support, if not in the hours of their site: contract
-- days, a free period. No row: the site's hours.
CREATE TABLE district_person_week (
    person  {{int}} PRIMARY KEY REFERENCES district_person (id),
    week    {{text}} NOT NULL,              -- "Mon-Fri 10:10-10:55"
    first   {{text}} NOT NULL DEFAULT '',   -- first and last day of the contract, "2026-08-10"
    last    {{text}} NOT NULL DEFAULT '',   -- '': no bound
    version {{int}} NOT NULL DEFAULT 1
) {{strict}};

-- Somebody is away from from_at until until, or until ended_at if they came
-- back earlier. One that ended before it began was canceled. Rows are kept:
-- they say who acted for whom, and when.
CREATE TABLE district_absence (
    id       {{id}},
    person   {{int}} NOT NULL REFERENCES district_person (id),
    from_at  {{ts}} NOT NULL,
    until    {{ts}} NOT NULL,
    cover    {{int}} REFERENCES district_person (id), -- NULL: nobody in particular
    why      {{text}} NOT NULL DEFAULT '',  -- for the person, their leads and administrators
    declared {{int}} REFERENCES district_person (id), -- by whom; NULL: by Trellis itself
    created  {{ts}} NOT NULL,
    ended_at {{ts}},
    version  {{int}} NOT NULL DEFAULT 1,
    CHECK (from_at < until),
    CHECK (cover <> person)
) {{strict}};
CREATE INDEX district_absence_person ON district_absence (person, until);
CREATE INDEX district_absence_until ON district_absence (until);
CREATE INDEX district_absence_cover ON district_absence (cover, until);

-- Gaps ahead that somebody has been told of, so that they are told once.
CREATE TABLE district_gap (
    kind {{text}} NOT NULL,                 -- service, duty, place
    ref  {{int}} NOT NULL,                  -- the service or the site
    day  {{text}} NOT NULL,                 -- "2026-03-02"
    told {{ts}} NOT NULL,
    PRIMARY KEY (kind, ref, day)
) {{strict}};

-- Whoever was away stays away. Since when was never written down: it holds
-- from the day the person was added.
INSERT INTO district_absence (person, from_at, until, created)
    SELECT id, CASE WHEN created < away_until THEN created ELSE away_until - 1 END, away_until, created
    FROM district_person WHERE away_until IS NOT NULL;
