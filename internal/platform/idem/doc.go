// Package idem makes a command that is sent twice happen once.
//
// A door (the API's Idempotency-Key header, a form's hidden field) names the
// command by a Key and puts it into the context. The command runs its writes
// inside Do, which keeps a record of the result in the same transaction. When
// the same key comes again, Do hands back the recorded result and runs
// nothing, so the door draws the same answer; when it comes with another
// body, Do refuses.
//
// Do alone is enough for correctness: two transactions with one key can't
// both commit. The Gate is politeness on top: it notices, inside this
// process, that the first one is still running, so that an API caller reads
// "still running" and a double-clicked form simply waits.
//
// Table: idem_record.
package idem
