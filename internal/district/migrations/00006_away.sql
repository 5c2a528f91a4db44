-- +goose Up
-- Who is away is said by absences alone; what stood here was copied there.
ALTER TABLE district_person DROP COLUMN away_until;
