// Package calendar says when people are at work: the calendars of a district's
// schools and offices.
//
// # Words
//
// Hours are what a week usually looks like. A term is a range of dates in which
// the usual hours hold; a place with terms has no hours between them. A season
// is a range with other weekly hours: summer hours, a week of tests. A day is a
// single date that differs: closed, a half day, a late start, other hours; it
// has a name ("Snow day"). Each is said for one site or, as site 0, for the
// whole district.
//
// # What holds at a site
//
// Its own hours, else the district's, else DefaultWeek. Its own terms if it has
// any, else the district's; without any, all year. Seasons of both, its own
// where they overlap. Days of both, its own on the same date. The zone is the
// site's. worktime compiles the result.
//
// # What always holds
//
//   - Every calendar that was saved has hours within the year that followed.
//   - Terms of one place don't overlap each other, seasons neither.
//   - A change raises the revision of each site that it touches; one of the
//     whole district touches every site.
//   - Whether a calendar that was compiled is still right is known from the sum
//     of what it says, never from a number, so one seen inside a transaction
//     that came to nothing can't stand in for another.
//
// # Tables and events
//
// district_calendar_hours, _range, _day, _rev. All events are about "calendar",
// so its history is one list: calendar.hours_set, calendar.term_set,
// calendar.term_dropped, calendar.season_set, calendar.season_dropped,
// calendar.days_set. It hears none.
package calendar
