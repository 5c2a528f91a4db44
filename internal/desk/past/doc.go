// Package past brings the past of another desk over: the log or the export of
// what was asked and answered there.
//
// A *source* is where a past comes from: one log or one export, with its name,
// its map, its zone, its hours and its closures. A *run* is one reading of one
// file into a source. A *map* says which column of the file means what, and
// what the words of its status column mean here; a *preset* is the map of a
// known export; a *guess* is a map made from the header and the first rows. A
// *reading* is a file read once, every cell checked, its rows sorted into
// *cases*: a case is what the old desk had under one number, and becomes one
// ticket. An event log has several rows a case, a row for each thing that
// happened; an export of requests has one row a case. Both have one shape
// here, flow.Row.
//
// Whatever can't be understood is a *problem*, with its row and its column. A
// row that has a problem is refused as a whole, never corrected in silence.
//
// Tables: desk_past_source, desk_past_run, desk_past, desk_past_row.
package past

import "embed"

// Messages are the words of this package in every language.
//
//go:embed messages/*.json
var Messages embed.FS
