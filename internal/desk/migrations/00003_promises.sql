-- +goose Up
-- What a person was promised for each kind of trouble. Site and service 0 mean
-- any; the closest row holds. Times are working seconds; 0 promises nothing.
CREATE TABLE desk_promise (
    id      {{id}},
    impact  {{text}} NOT NULL CHECK (impact IN ('stopped', 'blocked', 'slowed', 'question', 'plan')),
    site    {{int}} NOT NULL DEFAULT 0,
    service {{int}} NOT NULL DEFAULT 0,
    first   {{int}} NOT NULL CHECK (first >= 0),
    next    {{int}} NOT NULL CHECK (next >= 0),
    solve   {{int}} NOT NULL CHECK (solve >= 0),
    version {{int}} NOT NULL DEFAULT 1,
    UNIQUE (impact, site, service)
) {{strict}};

-- Who is told when, while a promise runs: at a share of its time (percent), or
-- a working span (seconds) before or after it is due.
CREATE TABLE desk_alarm (
    id     {{id}},
    impact {{text}} NOT NULL,
    metric {{text}} NOT NULL CHECK (metric IN ('first', 'next', 'solve')),
    point  {{text}} NOT NULL CHECK (point IN ('share', 'before', 'after')),
    amount {{int}} NOT NULL CHECK (amount >= 0),
    tell   {{text}} NOT NULL CHECK (tell IN ('owner', 'cover', 'lead')),
    UNIQUE (impact, metric, point, amount, tell)
) {{strict}};

-- What moves clocks, as it happened: clocks are computed from these and from
-- nothing else. A mark may lie before the moment it was written (help given in
-- the room), never after it.
CREATE TABLE desk_mark (
    id     {{id}},
    ticket {{int}} NOT NULL REFERENCES desk_ticket (id),
    at     {{ts}} NOT NULL,
    kind   {{text}} NOT NULL CHECK (kind IN ('asked', 'answered', 'paused', 'resumed', 'solved', 'reopened')),
    wait   {{text}} NOT NULL DEFAULT '',     -- paused: on whom or what
    person {{int}} REFERENCES district_person (id) -- NULL: Trellis itself
) {{strict}};
CREATE INDEX desk_mark_ticket ON desk_mark (ticket, at, id);

-- One promise at work. Columns after started are what the rules make of the
-- marks, the promise and the calendar of the place.
CREATE TABLE desk_clock (
    id       {{id}},
    ticket   {{int}} NOT NULL REFERENCES desk_ticket (id),
    metric   {{text}} NOT NULL CHECK (metric IN ('first', 'next', 'solve')),
    round    {{int}} NOT NULL,               -- 1, and more for next
    started  {{ts}} NOT NULL,
    target   {{int}} NOT NULL,               -- working seconds promised
    due      {{ts}},                         -- NULL while paused, or where there are no more hours
    paused   {{bool}} NOT NULL,
    stopped  {{ts}},                         -- kept or missed for good
    dropped  {{bool}} NOT NULL DEFAULT FALSE, -- ended with nothing to measure
    spent    {{int}},                        -- working microseconds; of a stopped one
    sum      {{text}} NOT NULL DEFAULT '',   -- how spent came about, by day: a later closure doesn't rewrite it
    missed   {{ts}},                         -- when it was due and not kept: never taken back
    site     {{int}} NOT NULL,               -- whose calendar counted
    revision {{int}} NOT NULL,               -- of that calendar
    step     {{int}} NOT NULL DEFAULT 0,     -- how many alarms have been given
    next_at  {{ts}},                         -- when the sweeper has something to do
    UNIQUE (ticket, metric, round)
) {{strict}};
CREATE INDEX desk_clock_next ON desk_clock (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX desk_clock_open ON desk_clock (site, revision, ticket) WHERE stopped IS NULL;

-- The earliest due of a ticket's running clocks, for lists.
ALTER TABLE desk_ticket ADD COLUMN due {{ts}};
CREATE INDEX desk_ticket_due ON desk_ticket (state, due, id, site, private, owner_team, owner_person);

-- "On my way": said in the reader's language, so that no words are kept.
ALTER TABLE desk_message ADD COLUMN minutes {{int}} NOT NULL DEFAULT 0;

-- Tickets from before: their messages say when they were answered. A clock of
-- no revision is computed again at the first sweep.
INSERT INTO desk_mark (ticket, at, kind, person) SELECT id, created, 'asked', requester FROM desk_ticket;
INSERT INTO desk_mark (ticket, at, kind, person) SELECT m.ticket, m.at, CASE WHEN m.from_desk THEN 'answered' ELSE 'asked' END, m.author
    FROM desk_message m JOIN desk_ticket t ON t.id = m.ticket WHERE m.at > t.created;
INSERT INTO desk_mark (ticket, at, kind, wait) SELECT id, updated, 'paused', waiting_on FROM desk_ticket WHERE state = 'waiting';
INSERT INTO desk_mark (ticket, at, kind) SELECT id, solved_at, 'solved' FROM desk_ticket WHERE state IN ('solved', 'closed') AND solved_at IS NOT NULL;
INSERT INTO desk_clock (ticket, metric, round, started, target, paused, site, revision) SELECT id, 'solve', 1, created, 0, FALSE, site, -1 FROM desk_ticket;
