//go:build !flaw_norecord

package idem

// keepRecord is false only in the build that the tests must catch.
const keepRecord = true
