-- +goose Up
CREATE TABLE idem_record (
	actor   {{text}} NOT NULL,
	key     {{text}} NOT NULL,
	route   {{text}} NOT NULL,
	hash    {{blob}} NOT NULL,
	result  {{blob}} NOT NULL,
	created {{ts}} NOT NULL,
	PRIMARY KEY (actor, key)
) {{strict}};
CREATE INDEX idem_record_created ON idem_record (created);
