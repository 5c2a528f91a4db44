//go:build !flaw_event

package event

const dropEvents = false
