-- +goose Up
-- Whoever opens a page asks whether they were told about what is on it. Without
-- the person in this index that reads everything they never read.
DROP INDEX notice_about;
CREATE INDEX notice_about ON notice (about_kind, about, person);
