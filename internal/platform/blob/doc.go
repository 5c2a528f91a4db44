// Package blob keeps bytes under their SHA-256, so that a file is stored once
// however often it is sent, and a name chosen by somebody else never becomes a
// path.
//
// A store is a folder:
//
//	tmp/<random>            being written; emptied when the store is opened
//	ab/cd/<64 hex digits>   complete and durable
//
// Put answers only when the bytes and every directory entry that leads to them
// have been forced to disk: temp file, fsync, rename, fsync of the folders. The
// row that names a blob is written after that, so a row without its file is a
// defect while a file without a row is only litter. A full disk, or no more
// files to open, is an error for the caller. Any other failure to write, force
// or read means that nothing this process believes about the disk can be
// trusted: it is told to stop, and no success is answered.
//
// The package also judges what outsiders send: Classify by content and name,
// CleanName for file names, Preview for pictures made anew from their pixels.
package blob
