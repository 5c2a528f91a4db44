//go:build !flaw_nofsync

package db

// synchronous FULL makes every commit wait for the disk.
const synchronous = "FULL"
