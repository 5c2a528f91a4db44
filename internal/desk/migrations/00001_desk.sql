-- +goose Up
-- One request of one person, from "I need help" to "that fixed it".
CREATE TABLE desk_ticket (
    id           {{id}},
    title        {{text}} NOT NULL,
    state        {{text}} NOT NULL CHECK (state IN ('open', 'waiting', 'solved', 'closed')),
    waiting_on   {{text}} NOT NULL DEFAULT '' CHECK (waiting_on IN ('', 'requester', 'vendor', 'part', 'date')),
    next_at      {{ts}},                    -- waiting: when it returns by itself; solved: when it closes
    impact       {{text}} NOT NULL CHECK (impact IN ('stopped', 'blocked', 'slowed', 'question')),
    turn         {{int}} NOT NULL,          -- place in line: impact first, then age; computed on write
    requester    {{int}} NOT NULL REFERENCES district_person (id),
    beneficiary  {{int}} REFERENCES district_person (id),
    owner_team   {{int}} NOT NULL REFERENCES district_team (id),
    owner_person {{int}} REFERENCES district_person (id),
    site         {{int}} NOT NULL REFERENCES district_site (id),
    room         {{int}} REFERENCES district_room (id),
    place_text   {{text}} NOT NULL DEFAULT '', -- "by the east stairs"
    service      {{int}} REFERENCES district_service (id),
    contact      {{text}} NOT NULL DEFAULT '',
    channel      {{text}} NOT NULL,         -- web, api, hallway, phone, mail
    private      {{text}} NOT NULL DEFAULT '' CHECK (private IN ('', 'suspicious_mail', 'lost_device', 'privacy', 'safety')),
    lang         {{text}} NOT NULL,
    created      {{ts}} NOT NULL,
    updated      {{ts}} NOT NULL,           -- anything at all happened
    said_at      {{ts}} NOT NULL,           -- the last public message
    said_by_desk {{bool}} NOT NULL,         -- FALSE: the asking side spoke last and nobody answered
    solved_at    {{ts}},
    closed_at    {{ts}},
    confirmed    {{bool}} NOT NULL DEFAULT FALSE, -- the asking side said "that fixed it"
    files        {{int}} NOT NULL DEFAULT 0, -- how many messages carry, so that a list need not count
    version      {{int}} NOT NULL DEFAULT 1,
    CHECK ((state = 'waiting') = (waiting_on <> '')),
    CHECK (next_at IS NOT NULL OR state IN ('open', 'closed'))
) {{strict}};
-- The first request is R-1001: a number that people say looks the same from
-- the first day on.
{{sqlite}}INSERT INTO sqlite_sequence (name, seq) VALUES ('desk_ticket', 1000);{{end}}
{{postgres}}ALTER TABLE desk_ticket ALTER COLUMN id RESTART WITH 1001;{{end}}

-- The queues, each read in its order without a sort. What sight asks of a row
-- stands in the index, so that rows which nobody may see cost no look-up.
CREATE INDEX desk_ticket_turn ON desk_ticket (state, turn, id, site, private, owner_team, owner_person);
CREATE INDEX desk_ticket_newest ON desk_ticket (state, id, site, private, owner_team, owner_person);
CREATE INDEX desk_ticket_owner ON desk_ticket (owner_person, state, turn, id) WHERE owner_person IS NOT NULL;
CREATE INDEX desk_ticket_unowned ON desk_ticket (state, turn, id, site, private, owner_team) WHERE owner_person IS NULL;
-- Both ways along next_at: each engine's own idea of where NULLs stand must
-- fit the ORDER BY, though there are none.
CREATE INDEX desk_ticket_next ON desk_ticket (state, next_at{{postgres}} DESC NULLS LAST{{end}}, id{{postgres}} DESC{{end}}) WHERE next_at IS NOT NULL;
CREATE INDEX desk_ticket_requester ON desk_ticket (requester, id);
CREATE INDEX desk_ticket_beneficiary ON desk_ticket (beneficiary, id) WHERE beneficiary IS NOT NULL;

-- What the asking side and the desk say to each other.
CREATE TABLE desk_message (
    id        {{id}},
    ticket    {{int}} NOT NULL REFERENCES desk_ticket (id),
    author    {{int}} NOT NULL REFERENCES district_person (id),
    from_desk {{bool}} NOT NULL,
    body      {{text}} NOT NULL,
    channel   {{text}} NOT NULL,
    at        {{ts}} NOT NULL
) {{strict}};
CREATE INDEX desk_message_ticket ON desk_message (ticket, id);

-- What the desk says to itself. A table of its own, so that no query about
-- messages can reach a note.
CREATE TABLE desk_note (
    id     {{id}},
    ticket {{int}} NOT NULL REFERENCES desk_ticket (id),
    author {{int}} NOT NULL REFERENCES district_person (id),
    body   {{text}} NOT NULL,
    at     {{ts}} NOT NULL
) {{strict}};
CREATE INDEX desk_note_ticket ON desk_note (ticket, id);

CREATE TABLE desk_participant (
    ticket {{int}} NOT NULL REFERENCES desk_ticket (id),
    person {{int}} NOT NULL REFERENCES district_person (id),
    role   {{text}} NOT NULL CHECK (role = 'follower'),
    PRIMARY KEY (ticket, person)
) {{strict}};
CREATE INDEX desk_participant_person ON desk_participant (person, ticket);

-- Who may see a private ticket, besides its requester.
CREATE TABLE desk_named (
    ticket {{int}} NOT NULL REFERENCES desk_ticket (id),
    person {{int}} NOT NULL REFERENCES district_person (id),
    PRIMARY KEY (ticket, person)
) {{strict}};
CREATE INDEX desk_named_person ON desk_named (person, ticket);

-- Who is named for each kind of private ticket.
CREATE TABLE desk_private_named (
    kind   {{text}} NOT NULL,
    person {{int}} NOT NULL REFERENCES district_person (id),
    PRIMARY KEY (kind, person)
) {{strict}};

-- A file is its uploader's alone until a message or a note takes it.
CREATE TABLE desk_file (
    id       {{id}},
    hash     {{text}} NOT NULL,
    name     {{text}} NOT NULL,
    type     {{text}} NOT NULL,
    size     {{int}} NOT NULL,
    uploader {{int}} NOT NULL REFERENCES district_person (id),
    ticket   {{int}} REFERENCES desk_ticket (id),
    message  {{int}} REFERENCES desk_message (id),
    note     {{int}} REFERENCES desk_note (id),
    preview  {{text}} NOT NULL DEFAULT '', -- hash of a picture made anew; '' while there is none
    at       {{ts}} NOT NULL,
    CHECK (message IS NULL OR note IS NULL),
    CHECK ((ticket IS NULL) = (message IS NULL AND note IS NULL))
) {{strict}};
CREATE INDEX desk_file_ticket ON desk_file (ticket, id) WHERE ticket IS NOT NULL;
CREATE INDEX desk_file_draft ON desk_file (uploader, at) WHERE ticket IS NULL;
