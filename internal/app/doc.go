// Package app is the roof: the only place that knows every part. It opens a
// district's database, builds the modules on it, gives each what it asked for
// from the others, mounts their doors, runs their background work, and takes
// backups.
package app
