package durability_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"trellis/bench/client"
	"trellis/internal/platform/clock"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	builtMu sync.Mutex
	built   = map[string]string{}
)

// program builds the command once for each set of tags.
func program(t testing.TB, tags string) string {
	t.Helper()
	builtMu.Lock()
	defer builtMu.Unlock()
	if p, ok := built[tags]; ok {
		return p
	}
	dir, err := os.MkdirTemp("", "trellis-bin-")
	if err != nil {
		t.Fatal(err)
	}
	p := filepath.Join(dir, "trellis")
	cmd := exec.Command("go", "build", "-tags", tags, "-o", p, "trellis/cmd/trellis")
	cmd.Dir = testkit.Repo(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	built[tags] = p
	return p
}

// child is the program serving an example district.
type child struct {
	t    testing.TB
	bin  string
	data string
	addr string
	dsn  string
	wrap []string // a command in front, such as strace
	env  []string

	cmd  *exec.Cmd
	out  bytes.Buffer
	gone chan error
}

func newChild(t testing.TB, bin, data, dsn string) *child {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	c := &child{t: t, bin: bin, data: data, addr: addr, dsn: dsn}
	t.Cleanup(c.kill)
	return c
}

// start runs it and waits until it is ready to answer.
func (c *child) start() {
	c.t.Helper()
	args := append(c.wrap[:len(c.wrap):len(c.wrap)], c.bin, "--data", c.data, "demo", "--scale", "0", "--addr", c.addr, "--token-rate", "1000000")
	if c.dsn != "" {
		args = append(args, "--dsn", c.dsn)
	}
	c.out.Reset()
	c.cmd = exec.Command(args[0], args[1:]...)
	c.cmd.Env = append(os.Environ(), c.env...)
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.out
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.gone = make(chan error, 1)
	go func(cmd *exec.Cmd, gone chan error) { gone <- cmd.Wait() }(c.cmd, c.gone)
	watch := clock.Stopwatch()
	for {
		if c.ready() {
			return
		}
		select {
		case err := <-c.gone:
			c.gone <- err
			c.t.Fatalf("the program ended while starting: %v\n%s", err, c.out.String())
		default:
		}
		if watch() > 2*time.Minute {
			c.t.Fatalf("not ready after two minutes\n%s", c.out.String())
		}
		_ = clock.Sleep(context.Background(), clock.System(), 5*time.Millisecond)
	}
}

func (c *child) ready() bool {
	res, err := http.Get("http://" + c.addr + "/readyz")
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == 200
}

// kill ends the whole process group at once, as a power cut ends a process.
func (c *child) kill() {
	if c.cmd == nil || c.cmd.Process == nil {
		return
	}
	_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
	<-c.gone
	c.cmd = nil
}

// wait gives it a while to end by itself, and tells how it did.
func (c *child) wait(d time.Duration) (error, bool) {
	timeout, stop := clock.System().After(d)
	defer stop()
	select {
	case err := <-c.gone:
		c.gone <- err
		return err, true
	case <-timeout:
		return nil, false
	}
}

func (c *child) as(role string) *client.Client {
	c.t.Helper()
	d, err := client.ReadDemo(c.data)
	if err != nil {
		c.t.Fatal(err)
	}
	d.Address = "http://" + c.addr
	cl, err := d.As(role)
	if err != nil {
		c.t.Fatal(err)
	}
	return cl
}

func (c *child) folder() string { return filepath.Join(c.data, "d", "juniper-valley") }

// picture is a small PNG whose bytes differ with n.
func picture(n int) []byte {
	return testkit.PNG(fmt.Sprint(n))
}
