package blob

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// disk is the part of the operating system that a store stands on. It is a
// seam for tests, which make the n-th call fail for every n.
type disk interface {
	Mkdir(path string) error // nil if it is there already
	Create(path string) (file, error)
	Open(path string) (file, error)
	Rename(from, to string) error
	Remove(path string) error
	ReadDir(path string) ([]fs.DirEntry, error)
	Stat(path string) (fs.FileInfo, error)
	SyncDir(path string) error
}

type file interface {
	io.ReadWriteSeeker
	Stat() (fs.FileInfo, error)
	Sync() error
	Close() error
}

type osDisk struct{}

func (osDisk) Mkdir(path string) error {
	if err := os.Mkdir(path, 0o700); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func (osDisk) Create(path string) (file, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

func (osDisk) Open(path string) (file, error)             { return os.Open(path) }
func (osDisk) Rename(from, to string) error               { return os.Rename(from, to) }
func (osDisk) Remove(path string) error                   { return os.Remove(path) }
func (osDisk) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }
func (osDisk) Stat(path string) (fs.FileInfo, error)      { return os.Lstat(path) }

// SyncDir forces a folder's entries to disk.
func (osDisk) SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closing := d.Close(); err == nil {
		err = closing
	}
	return err
}

// isFull reports whether an error says that there is no room: disk full or
// quota reached.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// isBusy reports whether an error says that the process or the machine has no
// more files or memory to give: it says nothing about the disk.
func isBusy(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.EAGAIN, syscall.EINTR} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
