-- +goose Up
-- One row for each indexed part of a thing.
CREATE TABLE search_doc (
    id       {{id}},
    kind     {{text}} NOT NULL,
    ref      {{int}} NOT NULL,
    part     {{int}} NOT NULL,
    audience {{int}} NOT NULL,
    {{postgres}}terms tsvector NOT NULL,{{end}}
    UNIQUE (kind, ref, part)
) {{strict}};

-- The words of search_doc's row with the same id. They arrive cut and folded,
-- joined by spaces: all that is left to the tokenizer is to split there. It
-- keeps no text (content) and no places of words (detail).
{{sqlite}}CREATE VIRTUAL TABLE search_term USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '='");{{end}}

-- Without fastupdate: its pending list would make every serializable reader of
-- the index conflict with every writer.
{{postgres}}CREATE INDEX search_doc_terms ON search_doc USING gin (terms) WITH (fastupdate = off);{{end}}
