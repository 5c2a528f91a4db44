// Package event is the one log: event stream and audit trail in the same rows.
//
// Emit appends an event inside the transaction that changed the state. Its
// Changes (field, from, to) are the one shape from which history, undo and
// audit are made. Personal values and texts stand in an erasable body; the
// row keeps a salted hash of it, so that a lawful erasure leaves the chain
// whole and anything else does not.
//
// Every event gets a place and a hash that covers the row and the hash
// before it. On SQLite that happens in the same commit. On PostgreSQL one
// node at a time seals what is committed, never passing a transaction that is
// still open, so a place, once given, never has a gap before it filled later.
//
// Watchers follow places under a named cursor; what a watcher does and its
// cursor move in one transaction, so each event has its effect exactly once.
package event
