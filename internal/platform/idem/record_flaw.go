//go:build flaw_norecord

package idem

// A deliberate flaw: no record is kept, so a repeated command happens again.
// The tests are built with this tag once, and must fail.
const keepRecord = false
