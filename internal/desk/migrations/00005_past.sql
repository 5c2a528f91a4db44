-- +goose Up
-- A past from another desk. Tickets that were brought over are rows of
-- desk_ticket with numbers below zero, written H-1, H-2 …; what their old desk
-- recorded of them stands here, as it was recorded.

-- Where a past comes from: one log, one export, however often it is read.
CREATE TABLE desk_past_source (
    id       {{id}},
    name     {{text}} NOT NULL UNIQUE,
    map      {{text}} NOT NULL,             -- JSON: which column means what
    zone     {{text}} NOT NULL,             -- of its hours; '' floats: local time of nobody knows where
    hours    {{text}} NOT NULL,             -- "Mon-Fri 08:00-17:00"
    closed   {{text}} NOT NULL DEFAULT '',  -- dates without hours, comma between
    last_at  {{ts}},                        -- its last moment: what was open then is counted as open that long
    numbers  {{int}} NOT NULL DEFAULT 0,    -- how many tickets it ever brought
    site     {{int}} NOT NULL REFERENCES district_site (id),   -- for places that the district doesn't have
    team     {{int}} NOT NULL REFERENCES district_team (id),   -- likewise teams
    person   {{int}} NOT NULL REFERENCES district_person (id), -- likewise people
    version  {{int}} NOT NULL DEFAULT 1
) {{strict}};

-- One reading of one file.
CREATE TABLE desk_past_run (
    id       {{id}},
    source   {{int}} REFERENCES desk_past_source (id), -- NULL: not begun
    file     {{text}} NOT NULL,             -- its name
    hash     {{text}} NOT NULL,             -- of its bytes, and of where a copy is kept
    size     {{int}} NOT NULL,
    map      {{text}} NOT NULL DEFAULT '',  -- as it is being edited
    name     {{text}} NOT NULL DEFAULT '',  -- of the source it shall go to
    kept     {{bool}} NOT NULL DEFAULT FALSE, -- the blob store has the file
    good     {{bool}} NOT NULL DEFAULT FALSE, -- bring in the good rows though others are not understood
    state    {{text}} NOT NULL CHECK (state IN ('draft', 'running', 'stopped', 'failed', 'done', 'undoing', 'undone')),
    problem  {{text}} NOT NULL DEFAULT '',  -- JSON: why it failed, and the first rows that were not understood
    rows     {{int}} NOT NULL DEFAULT 0,    -- read so far
    share    {{int}} NOT NULL DEFAULT 0,    -- percent of the work that is done
    added    {{int}} NOT NULL DEFAULT 0,
    changed  {{int}} NOT NULL DEFAULT 0,
    same     {{int}} NOT NULL DEFAULT 0,
    refused  {{int}} NOT NULL DEFAULT 0,    -- rows that were not understood
    stayed   {{int}} NOT NULL DEFAULT 0,    -- tickets that undoing left, because somebody has written on them since
    by_person {{int}} REFERENCES district_person (id), -- NULL: from the command line
    begun    {{ts}} NOT NULL,
    ended    {{ts}},
    version  {{int}} NOT NULL DEFAULT 1
) {{strict}};

-- A ticket that was brought over.
CREATE TABLE desk_past (
    ticket   {{int}} PRIMARY KEY REFERENCES desk_ticket (id),
    source   {{int}} NOT NULL REFERENCES desk_past_source (id),
    run      {{int}} NOT NULL REFERENCES desk_past_run (id),   -- that brought it
    case_key {{text}} NOT NULL,             -- its number at the old desk
    digest   {{text}} NOT NULL,             -- of its rows as the file had them
    last_run {{int}} NOT NULL,              -- that brought the rows that stand
    was      {{text}} NOT NULL DEFAULT '',  -- JSON: digests and texts of earlier readings, the latest first
    title    {{text}} NOT NULL DEFAULT '',  -- as recorded there; so the two below
    requester {{text}} NOT NULL DEFAULT '',
    owner    {{text}} NOT NULL DEFAULT '',
    UNIQUE (source, case_key)
) {{strict}};
CREATE INDEX desk_past_by_run ON desk_past (run, ticket);
CREATE INDEX desk_past_by_last_run ON desk_past (last_run, ticket);

-- What the old desk recorded of a ticket, a line each.
CREATE TABLE desk_past_row (
    id         {{id}},
    ticket     {{int}} NOT NULL REFERENCES desk_ticket (id),
    run        {{int}} NOT NULL,            -- that brought it
    until_run  {{int}} NOT NULL DEFAULT 0,  -- that brought another in its place; 0: it stands
    removed    {{ts}},                      -- by hand
    seq        {{int}} NOT NULL,            -- its place: by time, then as in the file
    at         {{ts}},                      -- NULL: the file doesn't say
    status     {{text}} NOT NULL DEFAULT '',
    sub        {{text}} NOT NULL DEFAULT '',
    state      {{text}} NOT NULL DEFAULT '' CHECK (state IN ('', 'open', 'waiting', 'solved', 'closed')),
    waiting    {{text}} NOT NULL DEFAULT '' CHECK (waiting IN ('', 'requester', 'vendor', 'part', 'date', 'other')),
    team       {{text}} NOT NULL DEFAULT '',
    person     {{text}} NOT NULL DEFAULT '',
    line       {{int}} NOT NULL DEFAULT 0,  -- tenths: 10, 20, 25, 30; 0: the file doesn't say
    impact     {{text}} NOT NULL DEFAULT '',
    priority   {{text}} NOT NULL DEFAULT '',
    kept       {{text}} NOT NULL DEFAULT '' CHECK (kept IN ('', 'yes', 'no')),
    reassigned {{int}},
    reopened   {{int}},
    opened     {{ts}},
    first      {{ts}},
    solved     {{ts}},
    closed     {{ts}},
    place      {{text}} NOT NULL DEFAULT '',
    service    {{text}} NOT NULL DEFAULT ''
) {{strict}};
CREATE INDEX desk_past_row_ticket ON desk_past_row (ticket, seq);

-- How support of a ticket flowed: what its history comes to, for brought-over
-- tickets and for those born here. Computed from the history and from nothing
-- else. Spans are seconds; NULL: it did not happen, or nobody recorded it.
CREATE TABLE desk_flow (
    ticket     {{int}} PRIMARY KEY REFERENCES desk_ticket (id),
    source     {{int}} NOT NULL DEFAULT 0,  -- 0: born here
    events     {{int}} NOT NULL,
    start_at   {{ts}},
    first_at   {{ts}},
    solved_at  {{ts}},
    end_at     {{ts}},                      -- the last that is known of it
    first_s    {{int}},                     -- start to first response, by the wall clock
    first_biz  {{int}},                     -- in hours, closures left out
    solve_s    {{int}},                     -- start to solved, by the wall clock
    solve_biz  {{int}},                     -- in hours, closures left out
    solve_own  {{int}},                     -- and without waiting on the requester
    handoffs   {{int}} NOT NULL,
    owners     {{int}} NOT NULL,            -- changes of owner
    ups        {{int}} NOT NULL,
    downs      {{int}} NOT NULL,
    pingpong   {{bool}} NOT NULL,           -- a team had it again after another
    triples    {{int}} NOT NULL,            -- A, B, A
    wait_requester {{int}} NOT NULL,        -- seconds by the wall clock
    wait_vendor {{int}} NOT NULL,
    wait_part  {{int}} NOT NULL,
    wait_date  {{int}} NOT NULL,
    wait_other {{int}} NOT NULL,
    reopened   {{bool}} NOT NULL,
    first_line {{int}} NOT NULL,            -- tenths; 0: nobody recorded it
    max_line   {{int}} NOT NULL,
    solved_line {{int}} NOT NULL,
    kept       {{text}} NOT NULL CHECK (kept IN ('', 'yes', 'no')), -- the promise, once a request
    place      {{text}} NOT NULL,           -- as recorded; '': the ticket's own site
    service    {{text}} NOT NULL,           -- likewise
    impact     {{text}} NOT NULL            -- likewise
) {{strict}};
CREATE INDEX desk_flow_source ON desk_flow (source, ticket);
