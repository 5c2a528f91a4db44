// Package worktime counts working time: how much of it lies between two
// instants, and which instant lies so much of it away.
//
// A Plan says when there are hours: a weekly table with split days, terms
// outside of which there are none, seasons with hours of their own, and single
// days that differ. New compiles it to a Calendar, which answers in about a
// microsecond whatever the distance, because it holds running totals and does
// week arithmetic between them; it never walks over days. A Calendar is
// immutable and safe for concurrent use.
//
// # Which hours hold
//
// A day in Plan.Days wins over a season, a season over the terms, the terms
// over the weekly table. Intervals are half-open: an instant of closing is
// closed, an instant of opening is open.
//
// # Local times
//
// Hours are wall times of the plan's zone. A wall time that a change of the
// clocks skips moves forward by what was skipped (02:30 becomes 03:30); one
// that occurs twice is its first occurrence. The rule holds for both ends of
// every span, and for changes of any size: where a whole date was skipped
// (Apia, 30 December 2011), its hours lie on the next one. Spans that this
// turns around are empty; hours that it lays over each other count once.
//
// # Breaks
//
// A pause is a break in the hours. Pauses that overlap count as their union.
//
// # Range
//
// Hours exist from 1900 to 2149 (First, Last). Outside there are none.
// Everything is exact to the nanosecond.
package worktime
