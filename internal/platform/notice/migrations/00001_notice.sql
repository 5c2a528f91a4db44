-- +goose Up
-- What one person is told. Words are made when it is read, in the reader's
-- language, from why and args.
CREATE TABLE notice (
    id         {{id}},
    person     {{int}} NOT NULL,         -- who is told
    why        {{text}} NOT NULL,        -- message key
    args       {{text}} NOT NULL,        -- JSON, for the message; may hold personal text
    about_kind {{text}} NOT NULL,
    about      {{int}} NOT NULL,
    urgency    {{int}} NOT NULL CHECK (urgency BETWEEN 0 AND 3),
    digest     {{text}} NOT NULL,        -- '' if it stands alone
    count      {{int}} NOT NULL,         -- how many were folded into this one
    unread     {{bool}} NOT NULL,
    created_at {{ts}} NOT NULL,          -- of the first
    at         {{ts}} NOT NULL           -- of the newest
) {{strict}};
CREATE INDEX notice_person ON notice (person, at, id);
CREATE INDEX notice_about ON notice (about_kind, about);
CREATE INDEX notice_unread ON notice (person) WHERE unread;
CREATE UNIQUE INDEX notice_digest ON notice (person, digest) WHERE unread AND digest <> '';
CREATE INDEX notice_read ON notice (at) WHERE NOT unread;
