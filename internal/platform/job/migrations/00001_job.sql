-- +goose Up
-- Work that waits, runs or is done. A row is open until it is completed,
-- discarded or cancelled.
CREATE TABLE job (
    id           {{id}},
    kind         {{text}} NOT NULL,
    args         {{text}} NOT NULL,      -- JSON
    uniq         {{text}} NOT NULL,      -- '' if others like it may wait beside it
    state        {{text}} NOT NULL CHECK (state IN ('available', 'running', 'retryable', 'completed', 'discarded', 'cancelled')),
    open         {{bool}} NOT NULL,
    priority     {{int}} NOT NULL CHECK (priority BETWEEN 1 AND 4),
    attempt      {{int}} NOT NULL,       -- begun since it was enqueued or last retried by hand
    max_attempts {{int}} NOT NULL,       -- 0: what its kind says
    claim        {{int}} NOT NULL,       -- counts every claim; who finishes must hold the newest
    holder       {{text}} NOT NULL,      -- the runner that has it, '' unless running
    run_at       {{ts}} NOT NULL,        -- when it was asked to run
    next_at      {{ts}} NOT NULL,        -- waiting: when it is due; running: when its lease ends; closed: when the row may go
    created_at   {{ts}} NOT NULL,
    changed_at   {{ts}} NOT NULL,        -- when it came into its state
    error        {{text}} NOT NULL       -- of the last attempt
) {{strict}};
CREATE INDEX job_due ON job (priority, next_at, id) WHERE open;
CREATE INDEX job_done ON job (next_at) WHERE NOT open;
CREATE INDEX job_dead ON job (changed_at, id) WHERE state = 'discarded';
-- One waits at a time; the one that runs does not count.
CREATE UNIQUE INDEX job_unique ON job (kind, uniq) WHERE uniq <> '' AND state IN ('available', 'retryable');
