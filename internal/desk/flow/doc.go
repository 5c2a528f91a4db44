// Package flow says how support of a ticket flowed: how long, through how many
// hands, how near the classroom, waiting on whom. Everything is computed from
// the ticket's history, the same for one that was brought over from another
// desk (desk_past_row) and for one born here (the event log, desk_mark,
// desk_clock).
//
// A history is a list of Rows, oldest first; Compute makes Facts of it and
// knows nothing else. What a history doesn't record stays empty: a span is
// None, a line 0, a counter -1, never a guess. A Flow stores facts (Put,
// Refresh, and a watcher for tickets that are born here), writes them out
// (Export) and holds other promises against them (Replay).
//
// Private tickets have no facts, are in no export and in no replay.
//
// Tables: desk_flow. It reads the desk's others and writes none of them.
package flow
