// Package search finds texts by their words.
//
// Words are made here, in Go, so that both databases find the same: a text is
// folded (case, accents and width gone), cut into words, and each word is also
// stemmed by the text's language, so that "impresoras" finds "impresora". The
// databases only keep lists of words and intersect them: an FTS5 table on
// SQLite, a tsvector with a GIN index on PostgreSQL.
//
// A document is one part of a thing: Kind and Ref name the thing (order 7),
// Part its piece (a message's id). A thing is found if each word of the query
// stands in one of its parts. A part has an audience, and whoever may not read
// it neither finds nor counts by its words.
//
// Tables: search_doc and search_term (the index itself, SQLite only).
package search

import "embed"

// Migrations make the tables.
//
//go:embed migrations/*.sql
var Migrations embed.FS
