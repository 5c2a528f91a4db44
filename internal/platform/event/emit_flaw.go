//go:build flaw_event

package event

// A deliberate flaw: events are dropped. The suite is built with this tag
// once, and must fail.
const dropEvents = true
