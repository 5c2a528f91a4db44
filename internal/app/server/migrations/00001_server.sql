-- +goose Up
CREATE TABLE server_district (
    slug      {{text}} PRIMARY KEY,        -- its folder's name under d/
    base_url  {{text}} NOT NULL,           -- links are built from it, never from a request
    dsn       {{text}} NOT NULL DEFAULT '', -- PostgreSQL; '' is the folder's own SQLite file
    next_wake {{ts}},                      -- when it has work due; NULL: nothing
    created   {{ts}} NOT NULL
) {{strict}};

CREATE TABLE server_host (
    host {{text}} PRIMARY KEY,             -- without port; '*' is any other
    slug {{text}} NOT NULL REFERENCES server_district (slug)
) {{strict}};

CREATE TABLE server_proxy (
    prefix {{text}} PRIMARY KEY            -- addresses whose X-Forwarded-* is believed
) {{strict}};
