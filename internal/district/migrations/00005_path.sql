-- +goose Up
-- Whom requests go to, and from there on to whom. Site and service 0 mean any;
-- the closest rows hold, all of them together. plan: a class to be planned,
-- which has no service.
CREATE TABLE district_path (
    plan    {{bool}} NOT NULL DEFAULT FALSE,
    site    {{int}} NOT NULL DEFAULT 0,
    service {{int}} NOT NULL DEFAULT 0,
    tier    {{int}} NOT NULL CHECK (tier BETWEEN 1 AND 3),
    team    {{int}} REFERENCES district_team (id), -- NULL: who it would be without a path
    version {{int}} NOT NULL DEFAULT 1,            -- of the whole path: the same in all its rows
    PRIMARY KEY (plan, site, service, tier),
    CHECK (tier < 3 OR team IS NOT NULL),
    CHECK (NOT plan OR service = 0)
) {{strict}};
CREATE INDEX district_path_team ON district_path (team) WHERE team IS NOT NULL;
