package durability_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"trellis/bench/client"
)

// smallDisk mounts a disk of a few megabytes.
func smallDisk(t *testing.T, megabytes string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+megabytes+"m"); err != nil {
		if os.Geteuid() != 0 || errors.Is(err, syscall.EPERM) {
			t.Skipf("not run: a small disk can be mounted by root only: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// A full disk: the district is read-only and says so, pages can be read, and
// it takes up work again by itself when there is space.
func TestFullDiskIsReadOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	disk := smallDisk(t, "96")
	c := newChild(t, program(t, ""), filepath.Join(disk, "demo"), "")
	c.start()
	ask := func(key string) error {
		return c.as("teacher").Do(context.Background(), "POST", "/api/v1/requests", key, map[string]any{"text": "The display is dark " + key}, nil)
	}
	if err := ask("a"); err != nil {
		t.Fatal(err)
	}
	fill := filepath.Join(disk, "fill")
	f, err := os.Create(fill)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 1<<20); err == nil; {
		_, err = f.Write(block)
	}
	_ = f.Close()

	var fail *client.Failure
	if err := ask("b"); !errors.As(err, &fail) || fail.Status != http.StatusInsufficientStorage {
		t.Errorf("without space: %v", err)
	}
	if err := c.as("teacher").Upload(context.Background(), "/api/v1/files?name=a.png", "u", picture(1), nil); !errors.As(err, &fail) || fail.Status != http.StatusInsufficientStorage {
		t.Errorf("upload without space: %v", err)
	}
	if err := c.as("teacher").Do(context.Background(), "GET", "/api/v1/requests/mine", "", nil, nil); err != nil {
		t.Errorf("reading without space: %v", err)
	}
	if c.ready() {
		t.Error("it says that it is ready for writes")
	}
	res, err := http.Get("http://" + c.addr + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.StatusCode != 200 || len(page) == 0 {
		t.Errorf("a page without space: %d", res.StatusCode)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	if err := ask("b"); err != nil {
		t.Errorf("after there was space again: %v", err)
	}
	if !c.ready() {
		t.Error("it does not say that it is ready again")
	}
	examine(t, c)
}
