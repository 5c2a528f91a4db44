// Package durability holds what Trellis answers against what survives: a
// process that is killed at random moments, a server that is stopped at once,
// a disk that is full or fails. It runs the real program as a child process
// and keeps its own record of every answer it was given.
package durability
