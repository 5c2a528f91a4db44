// Package db is one district's database: embedded SQLite or PostgreSQL behind
// one contract.
//
// Everything that changes state is a function given to Write. It runs inside
// one transaction together with the event, the idempotency record, the
// notices and the jobs that belong to it, and the caller is answered after
// the commit is durable. The function
//
//   - may run more than once, so it has no effect outside tx and does no I/O;
//   - sees a fixed time, tx.Now;
//   - loses everything on the first SQL error, whatever it returns afterwards;
//   - is stopped by its context before it starts and never in the middle;
//   - emits an event for what it changed, or says tx.Unlogged(reason).
//
// On SQLite there is one writer; functions that wait share one commit, each
// under a savepoint of its own, so that one that fails or panics never harms
// another. If the shared transaction is lost, each member runs again alone.
// On PostgreSQL every function is a SERIALIZABLE transaction, run again when
// the server asks for it.
//
// SQL is one text for both engines with $1 placeholders. Instants are bigint
// microseconds UTC (Us, At). Migrations use the macros in macro.go.
//
// No space makes the database read-only until there is space again. A failed
// write to disk or corruption calls Options.Fatal, and no caller is told that
// its write succeeded.
package db
