-- +goose Up
-- A week is read by when its requests began.
CREATE INDEX desk_flow_start ON desk_flow (source, start_at, ticket);
