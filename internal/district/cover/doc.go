// Package cover knows who is away, who acts for them, and where nobody would.
//
// # Words
//
// An absence is a stretch of time in which somebody is not present. Whoever
// covers acts for them meanwhile; nothing changes hands. Who covers may be
// away too, and somebody else cover for them: that is a chain. A chain that
// ends with nobody, or comes back to where it began, is a gap.
//
// A person's own hours are when they give support, where that differs from the
// hours of their site: contract days, a free period.
//
// # What always holds
//
//   - Everything is computed from instants. An absence ends by itself; no job
//     has to run for somebody to be back.
//   - Nobody covers for themselves, and nobody is named who is away the whole
//     time.
//   - Absences of one person never overlap.
//   - What is over is never changed. An absence that has begun keeps its
//     beginning.
//   - StandIn never answers with somebody who is away or has left.
//   - Why somebody is away is read by themselves, by who leads a team of
//     theirs, and by administrators.
//
// # Tables
//
// district_absence, district_person_week, district_gap. district.HereSQL is
// the one condition by which other statements ask who is present.
//
// # Events
//
// About an absence: absence.declared, absence.changed, absence.ended (came
// back early), absence.canceled (before it began). About a person:
// person.hours. About the coverage: gaps.warned, when gaps ahead were
// found or closed, with how many days were looked at.
package cover
