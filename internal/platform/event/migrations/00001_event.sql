-- +goose Up
-- The log. A row is never changed once it has a place, except that its body
-- (personal values and texts) may be erased; the row keeps a salted hash of it.
CREATE TABLE event (
    id         {{id}},
    place      {{int}},                    -- its position in the log; NULL until sealed
    at         {{ts}} NOT NULL,
    kind       {{text}} NOT NULL,
    version    {{int}} NOT NULL,
    actor_kind {{int}} NOT NULL,
    actor      {{int}} NOT NULL,           -- person id, 0 if none
    behalf     {{int}} NOT NULL,           -- person acted for, 0 if none
    door       {{text}} NOT NULL,
    request_id {{text}} NOT NULL,
    subj_kind  {{text}} NOT NULL,
    subj       {{int}} NOT NULL,
    changes    {{text}} NOT NULL,          -- JSON; personal values stand in the body
    body_hash  {{blob}},                   -- NULL if there never was a body
    prev       {{blob}},                   -- the hash of the row before
    hash       {{blob}}
    {{postgres}}, xact xid8 NOT NULL DEFAULT pg_current_xact_id(){{end}}
) {{strict}};
-- Partial, so that appending a row without a place does not touch it.
CREATE UNIQUE INDEX event_place ON event (place) WHERE place IS NOT NULL;
CREATE INDEX event_subject ON event (subj_kind, subj, id);
{{postgres}}CREATE INDEX event_unsealed ON event (xact, id) WHERE place IS NULL;{{end}}

CREATE TABLE event_body (
    event {{int}} PRIMARY KEY REFERENCES event (id),
    salt  {{blob}} NOT NULL,
    body  {{text}} NOT NULL                -- JSON
) {{strict}};

-- How far each watcher has come.
CREATE TABLE event_cursor (
    name  {{text}} PRIMARY KEY,
    place {{int}} NOT NULL
) {{strict}};

-- The district's own uid, made once, used in Message-IDs, webhooks and backups.
CREATE TABLE event_origin (
    one  {{int}} PRIMARY KEY CHECK (one = 1),
    uid  {{text}} NOT NULL,
    salt {{blob}} NOT NULL
) {{strict}};
