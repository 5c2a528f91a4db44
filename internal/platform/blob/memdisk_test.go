package blob

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// memDisk is a disk that remembers what has been forced to it: cut throws away
// everything else, as a machine does that loses power. Its n-th call can be
// made to fail.
type memDisk struct {
	mu    sync.Mutex
	root  *node
	calls int
	at    int                   // which call fails; 0 is none
	fault func(op string) error // what it fails with; nil to let a write come short
	hit   string                // the call that failed
}

// node is a file or a folder, as it is and as it would be after a power cut.
type node struct {
	dir           bool
	entries, kept map[string]*node
	data, forced  []byte
}

func newMemDisk() *memDisk {
	d := &memDisk{root: &node{dir: true, entries: map[string]*node{}, kept: map[string]*node{}}}
	if err := d.Mkdir("/data"); err != nil {
		panic(err)
	}
	if err := d.SyncDir("/"); err != nil {
		panic(err)
	}
	d.calls = 0
	return d
}

// cut is a power cut. What was not forced is gone; with metadata, names survive
// unforced and only contents are lost, which file systems do as well.
func (d *memDisk) cut(metadata bool) { d.root.cut(metadata) }

func (n *node) cut(metadata bool) {
	if !n.dir {
		n.data = slices.Clone(n.forced)
		return
	}
	if !metadata {
		n.entries = maps.Clone(n.kept)
	}
	n.kept = maps.Clone(n.entries)
	for _, e := range n.entries {
		e.cut(metadata)
	}
}

// begin counts a call and fails it if it is its turn.
func (d *memDisk) begin(op, path string) error {
	d.calls++
	if d.calls != d.at {
		return nil
	}
	d.hit = op + " " + path
	if d.fault == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: path, Err: d.fault(op)}
}

func (d *memDisk) find(path string) (*node, error) {
	n := d.root
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		if part == "" {
			continue
		}
		if n = n.entries[part]; n == nil {
			return nil, &fs.PathError{Op: "find", Path: path, Err: fs.ErrNotExist}
		}
	}
	return n, nil
}

func (d *memDisk) place(path string) (*node, string, error) {
	n, err := d.find(filepath.Dir(path))
	return n, filepath.Base(path), err
}

func (d *memDisk) Mkdir(path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("mkdir", path); err != nil {
		return err
	}
	in, name, err := d.place(path)
	if err == nil && in.entries[name] == nil {
		in.entries[name] = &node{dir: true, entries: map[string]*node{}, kept: map[string]*node{}}
	}
	return err
}

func (d *memDisk) Create(path string) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("create", path); err != nil {
		return nil, err
	}
	in, name, err := d.place(path)
	if err != nil {
		return nil, err
	}
	if in.entries[name] != nil {
		return nil, fs.ErrExist
	}
	in.entries[name] = &node{}
	return &memFile{d: d, n: in.entries[name], path: path}, nil
}

func (d *memDisk) Open(path string) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("open", path); err != nil {
		return nil, err
	}
	n, err := d.find(path)
	if err != nil {
		return nil, err
	}
	return &memFile{d: d, n: n, path: path}, nil
}

func (d *memDisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("rename", to); err != nil {
		return err
	}
	a, aname, err := d.place(from)
	if err != nil {
		return err
	}
	b, bname, err := d.place(to)
	if err != nil {
		return err
	}
	b.entries[bname] = a.entries[aname]
	delete(a.entries, aname)
	return nil
}

func (d *memDisk) Remove(path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("remove", path); err != nil {
		return err
	}
	in, name, err := d.place(path)
	if err != nil {
		return err
	}
	if in.entries[name] == nil {
		return fs.ErrNotExist
	}
	delete(in.entries, name)
	return nil
}

func (d *memDisk) ReadDir(path string) ([]fs.DirEntry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("readdir", path); err != nil {
		return nil, err
	}
	n, err := d.find(path)
	if err != nil {
		return nil, err
	}
	var out []fs.DirEntry
	for _, name := range slices.Sorted(maps.Keys(n.entries)) {
		out = append(out, fs.FileInfoToDirEntry(memInfo{name, n.entries[name]}))
	}
	return out, nil
}

func (d *memDisk) Stat(path string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("stat", path); err != nil {
		return nil, err
	}
	n, err := d.find(path)
	return memInfo{filepath.Base(path), n}, err
}

func (d *memDisk) SyncDir(path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("syncdir", path); err != nil {
		return err
	}
	n, err := d.find(path)
	if err == nil {
		n.kept = maps.Clone(n.entries)
	}
	return err
}

type memFile struct {
	d    *memDisk
	n    *node
	path string
	at   int64
}

func (f *memFile) Write(b []byte) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if err := f.d.begin("write", f.path); err != nil {
		return 0, err
	}
	if f.d.calls == f.d.at { // no error of its own: a write that comes short
		b = b[:len(b)/2]
	}
	f.n.data = append(f.n.data, b...)
	return len(b), nil
}

func (f *memFile) Read(b []byte) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if err := f.d.begin("read", f.path); err != nil {
		return 0, err
	}
	if f.at >= int64(len(f.n.data)) {
		return 0, io.EOF
	}
	n := copy(b, f.n.data[f.at:])
	f.at += int64(n)
	return n, nil
}

func (f *memFile) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart {
		return 0, errors.New("only from the start")
	}
	f.at = offset
	return offset, nil
}

func (f *memFile) Sync() error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if err := f.d.begin("sync", f.path); err != nil {
		return err
	}
	f.n.forced = slices.Clone(f.n.data)
	return nil
}

func (f *memFile) Close() error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	return f.d.begin("close", f.path)
}

func (f *memFile) Stat() (fs.FileInfo, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	return memInfo{filepath.Base(f.path), f.n}, f.d.begin("stat", f.path)
}

type memInfo struct {
	name string
	n    *node
}

func (i memInfo) Name() string       { return i.name }
func (i memInfo) Size() int64        { return int64(len(i.n.data)) }
func (i memInfo) Mode() fs.FileMode  { return 0o600 }
func (i memInfo) ModTime() time.Time { return time.Time{} }
func (i memInfo) IsDir() bool        { return i.n.dir }
func (i memInfo) Sys() any           { return nil }
