-- +goose Up
-- How far from the classroom a ticket is, how often it changed teams, and
-- whether somebody needs help or plans something with a class.
ALTER TABLE desk_ticket ADD COLUMN tier {{int}} NOT NULL DEFAULT 2 CHECK (tier BETWEEN 1 AND 3);
ALTER TABLE desk_ticket ADD COLUMN handoffs {{int}} NOT NULL DEFAULT 0;
ALTER TABLE desk_ticket ADD COLUMN kind {{text}} NOT NULL DEFAULT 'request' CHECK (kind IN ('request', 'plan'));
UPDATE desk_ticket SET tier = (SELECT t.tier FROM district_team t WHERE t.id = desk_ticket.owner_team);

-- A ticket changed teams. As many rows as desk_ticket.handoffs says.
CREATE TABLE desk_handoff (
    id          {{id}},
    ticket      {{int}} NOT NULL REFERENCES desk_ticket (id),
    at          {{ts}} NOT NULL,
    by_person   {{int}} REFERENCES district_person (id), -- NULL: Trellis itself
    from_team   {{int}} NOT NULL REFERENCES district_team (id),
    from_person {{int}} REFERENCES district_person (id), -- who owned it; NULL: the team
    from_tier   {{int}} NOT NULL,
    to_team     {{int}} NOT NULL REFERENCES district_team (id),
    to_tier     {{int}} NOT NULL,
    way         {{text}} NOT NULL CHECK (way IN ('up', 'back', 'side')),
    tried       {{text}} NOT NULL DEFAULT '',  -- what was tried; for those who work on the ticket
    why         {{text}} NOT NULL DEFAULT '',  -- likewise
    tried_due   {{bool}} NOT NULL DEFAULT FALSE, -- what was tried is still to be written down
    CHECK (from_team <> to_team)
) {{strict}};
CREATE INDEX desk_handoff_ticket ON desk_handoff (ticket, id);

-- What was planned with a class, beside the ticket of kind plan.
CREATE TABLE desk_plan (
    ticket  {{int}} PRIMARY KEY REFERENCES desk_ticket (id),
    by_date {{text}} NOT NULL,                -- "2026-10-05"
    class   {{text}} NOT NULL,                -- "7B, science"
    outcome {{text}} NOT NULL DEFAULT '' CHECK (outcome IN ('', 'plan', 'visit', 'session', 'setting'))
) {{strict}};
