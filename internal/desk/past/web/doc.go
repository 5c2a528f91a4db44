// Package web has the pages on which the past of another desk is brought in:
// a file is sent, its columns are matched, what it would do is looked at, and
// then a job does it, which can be stopped, gone on with and taken back.
package web
