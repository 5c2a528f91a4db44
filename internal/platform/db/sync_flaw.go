//go:build flaw_nofsync

package db

// A deliberate flaw: commits do not wait for the disk. The durability tests
// are built with this tag once, and must fail.
const synchronous = "OFF"
