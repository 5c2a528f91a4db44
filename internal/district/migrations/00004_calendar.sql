-- +goose Up
-- When people are at work. Site 0 is the whole district. Dates are written
-- 2026-03-02, so that they sort as they follow each other.

-- The usual hours of a week: "Mon-Fri 07:30-15:30". No row: the district's,
-- and if that has none either, the default.
CREATE TABLE district_calendar_hours (
    site    {{int}} PRIMARY KEY,
    week    {{text}} NOT NULL,
    version {{int}} NOT NULL DEFAULT 1
) {{strict}};

-- Terms (the usual hours hold in them, and there are none between them) and
-- seasons (other weekly hours hold).
CREATE TABLE district_calendar_range (
    id      {{id}},
    site    {{int}} NOT NULL,
    kind    {{text}} NOT NULL,              -- term, season
    name    {{text}} NOT NULL,
    first   {{text}} NOT NULL,
    last    {{text}} NOT NULL,              -- included
    week    {{text}} NOT NULL DEFAULT '',   -- of a season
    version {{int}} NOT NULL DEFAULT 1
) {{strict}};

-- Single days that differ.
CREATE TABLE district_calendar_day (
    site  {{int}} NOT NULL,
    date  {{text}} NOT NULL,
    kind  {{text}} NOT NULL,                -- closed, half_day, late_start, hours
    hours {{text}} NOT NULL DEFAULT '',     -- "07:30-11:30"; of a closed day none
    name  {{text}} NOT NULL,
    PRIMARY KEY (site, date)
) {{strict}};

-- Which calendar a site has now. The revision rises with every change that
-- touches the site, so that whoever computed by it knows an old one. The sum
-- is of what the calendar says, so that what was compiled can be found again.
-- A site that was added since the last change has no row and goes by site 0.
CREATE TABLE district_calendar_rev (
    site     {{int}} PRIMARY KEY,
    revision {{int}} NOT NULL,
    sum      {{text}} NOT NULL
) {{strict}};
