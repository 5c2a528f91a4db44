// Package replay tells a district's past again from its event log alone.
//
// Log reads the events of one district in the order of their places, with
// nothing of its tables beside them, and has an empty district do again what
// they say: each command by the same method of its module, by the same actor,
// through the same door, at the same instant of a driven clock. What follows
// from a command comes by itself. After each command the events that it left
// are held against the log, so that it is known which of them were one
// command, and nothing is passed over: an event that no command explains, and
// one that came out otherwise, are errors that name its place.
//
// Compare then holds every row of both districts against each other, all
// tables and columns but those in apart.go, each with its reason.
//
// A past from another desk, attachments, passwords and what became of
// background jobs can't be told again: the log names what it does not hold
// (untold in commands.go).
//
// Some rows change without an event, because nobody has to answer for it:
// somebody reads a notice, and what was read long ago is put away; sessions and
// invitations run out. A district in which that happened differs by just these
// rows. On PostgreSQL a write that was tried again or refused has used up
// numbers, so a district in which several wrote at once has other numbers than
// one that is told in a row; Log then says at which place.
package replay
