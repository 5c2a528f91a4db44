// Package job does what can't be done inside a transaction: everything that
// reaches beyond the database, or takes long.
//
// Enqueue writes a row in the transaction that wants the work, so work is
// never lost and never done for something that was rolled back. A Runner
// claims due rows, runs the handler of their kind, and writes the outcome.
//
// A claim is a lease: it is renewed while the handler runs and ends within a
// minute when the process dies, and then the job is claimed again. Every claim
// has a number, and only the newest claim may finish a job. A handler may hand
// back a function with its database effects, which runs in the transaction
// that completes the job: those effects happen exactly once. What a handler
// does outside the database happens at least once, so it should be something
// that can be repeated, or carry a key by which the other side knows it again
// (Job.ID never changes).
//
// A failed attempt is tried again after attempt⁴ seconds. A job whose attempts
// are used up, or whose handler says Permanent, is discarded: it stays visible
// (Dead) until a person retries or cancels it.
//
// Events: job.dead, job.retried, job.cancelled; subject "job". Everything else
// about a job is bookkeeping and not in the log.
package job
