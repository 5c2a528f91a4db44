package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// folderLock keeps a second process off a district's folder. The kernel drops
// it with the process, so a crash leaves nothing to clean up.
type folderLock struct{ f *os.File }

func lockFolder(dir string) (*folderLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("another Trellis is running on %s; nothing was touched; stop it first, or ask it for what you need", dir)
		}
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error { return l.f.Close() }
