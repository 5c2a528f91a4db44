// Command load starts the program on a new example district, fills it with
// requests, and prints what one machine does with them:
//
//	go run ./bench/load -tickets 20000
//	go run ./bench/load -tickets 20000 -dsn "host=… dbname=…"
//
// For each operation at one and at several clients: how many a second, median
// and 95th percentile, and the processor time that the program spent on one.
// Beside it: memory (PSS), start time, the disk's own fdatasync, and the same
// list read without HTTP.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"trellis/bench/client"
	"trellis/internal/platform/clock"
)

func main() {
	tickets := flag.Int("tickets", 20000, "how many requests stand in the district")
	clients := flag.Int("clients", 8, "how many clients, besides one")
	span := flag.Duration("for", 5*time.Second, "how long each operation is measured")
	dsn := flag.String("dsn", "", "empty PostgreSQL database; without it SQLite is measured")
	only := flag.String("only", "", "measure only operations whose name has this in it")
	dir := flag.String("dir", "", "folder for the data; default: a temporary one")
	flag.Parse()
	if err := run(*tickets, *clients, *span, *dsn, *dir, *only); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

type bench struct {
	ctx     context.Context
	cmd     *exec.Cmd
	addr    string
	demo    client.Demo
	teacher *client.Client
	agent   *client.Client
	pages   *http.Client // signed in as the specialist
	asking  *http.Client // signed in as the teacher
	ids     []int64
	n       atomic.Int64

	mu   sync.Mutex
	made []int64 // the requests that it was filled with
}

func run(tickets, clients int, span time.Duration, dsn, dir, only string) error {
	if dir == "" {
		d, err := os.MkdirTemp(".", ".load-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(d)
		dir = d
	}
	bin := filepath.Join(dir, "trellis")
	if out, err := exec.Command("go", "build", "-o", bin, "trellis/cmd/trellis").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	b := &bench{ctx: context.Background(), addr: "127.0.0.1:8477"}
	data := filepath.Join(dir, "data")
	if _, err := b.start(bin, data, dsn); err != nil {
		return err
	}
	defer func() { _ = b.cmd.Process.Kill() }()
	if err := b.people(data); err != nil {
		return err
	}
	watch := clock.Stopwatch()
	if err := client.Each(tickets, 16, b.seed); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	fmt.Printf("filled with %d requests in %.1f s\n", tickets, watch().Seconds())
	b.stop()
	took, err := b.start(bin, data, dsn)
	if err != nil {
		return err
	}
	fmt.Printf("start to first answer: %.0f ms\n", took.Seconds()*1000)
	if err := b.people(data); err != nil {
		return err
	}
	fmt.Printf("disk: one 4 KiB write and fdatasync: median %s\n", disk(dir))
	fmt.Printf("%-22s %8s %10s %10s %10s %12s\n", "operation", "clients", "a second", "median ms", "p95 ms", "cpu ms each")
	for _, op := range []struct {
		name string
		do   func() error
	}{
		{"list page (50, HTML)", b.page("/desk/places")},
		{"request, list beside", b.view(b.pages, "")},
		{"request pane (HTML)", b.view(b.pages, "pane")},
		{"asker's page (HTML)", b.view(b.asking, "")},
		{"create (JSON)", b.create},
		{"reply (JSON)", b.reply},
		{"list of 50 (JSON)", b.list},
		{"request (JSON)", b.one},
		{"search (JSON)", b.search},
	} {
		if !strings.Contains(op.name, only) {
			continue
		}
		for _, n := range []int{1, clients} {
			if err := b.measure(op.name, n, span, op.do); err != nil {
				return fmt.Errorf("%s: %w", op.name, err)
			}
		}
	}
	fmt.Printf("memory (PSS) after all that: %.0f MB\n", pss(b.cmd.Process.Pid)/1024)
	b.stop()
	return direct(data, dsn, clients, b.made, span)
}

// start runs the program and returns how long it took to answer.
func (b *bench) start(bin, data, dsn string) (time.Duration, error) {
	args := []string{"--data", data, "demo", "--scale", "0", "--addr", b.addr, "--token-rate", "10000000"}
	if dsn != "" {
		args = append(args, "--dsn", dsn)
	}
	b.cmd = exec.Command(bin, args...)
	log, err := os.Create(data + ".log")
	if err != nil {
		return 0, err
	}
	defer log.Close()
	b.cmd.Stdout, b.cmd.Stderr = log, log
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	watch := clock.Stopwatch()
	if err := b.cmd.Start(); err != nil {
		return 0, err
	}
	for watch() < 2*time.Minute {
		if res, err := http.Get("http://" + b.addr + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == 200 {
				return watch(), nil
			}
		}
		_ = clock.Sleep(b.ctx, clock.System(), 2*time.Millisecond)
	}
	return 0, fmt.Errorf("not ready; see %s.log", data)
}

func (b *bench) stop() {
	_ = b.cmd.Process.Signal(os.Interrupt)
	_ = b.cmd.Wait()
}

func (b *bench) people(data string) (err error) {
	if b.demo, err = client.ReadDemo(data); err != nil {
		return err
	}
	if b.teacher, err = b.demo.As("teacher"); err != nil {
		return err
	}
	if b.agent, err = b.demo.As("specialist"); err != nil {
		return err
	}
	if b.pages, err = b.browser("specialist"); err == nil {
		b.asking, err = b.browser("teacher")
	}
	return err
}

// browser is a client with the session of an example person.
func (b *bench) browser(role string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64
	c := &http.Client{Jar: jar, Transport: t, Timeout: time.Minute}
	for _, p := range b.demo.People {
		if p.Role == role {
			return c, get(c, p.SignIn, "")
		}
	}
	return nil, fmt.Errorf("no %s", role)
}

func get(c *http.Client, url, part string) error {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return err
	}
	if part != "" {
		req.Header.Set("HX-Request", "true")
		req.Header.Set("HX-Target", "div#"+part)
	}
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err == nil && (res.StatusCode != 200 || n < 1000) {
		err = fmt.Errorf("%s: status %d, %d bytes", url, res.StatusCode, n)
	}
	return err
}

var texts = []string{"The projector in the back of the room says no signal", "Two Chromebooks do not charge", "Nobody can print from the library",
	"The gradebook shows last term", "How do I share a folder with a class?", "The Wi-Fi drops during the second period"}

func (b *bench) seed(i int) error {
	var made struct{ ID int64 }
	if err := b.teacher.Do(b.ctx, "POST", "/api/v1/requests", client.Key(), map[string]any{"text": fmt.Sprintf("%s, case %d", texts[i%len(texts)], i),
		"impact": []string{"question", "slowed", "blocked"}[i%3]}, &made); err != nil {
		return err
	}
	b.mu.Lock()
	b.made = append(b.made, made.ID)
	b.mu.Unlock()
	at := fmt.Sprintf("/api/v1/requests/%d", made.ID)
	if err := b.agent.Do(b.ctx, "POST", at+"/replies", client.Key(), map[string]any{"text": "I am looking at it."}, nil); err != nil {
		return err
	}
	if i%4 != 0 { // a quarter stays open, as at the worst of times
		return b.agent.Do(b.ctx, "POST", at+"/solve", client.Key(), map[string]any{"text": "Done."}, nil)
	}
	return nil
}

func (b *bench) page(path string) func() error {
	return func() error { return get(b.pages, "http://"+b.addr+path, "") }
}

// some is one of the requests that it was filled with, another one each time.
// Their numbers have gaps where PostgreSQL tried a transaction again.
func (b *bench) some() int64 { return b.made[b.n.Add(7)%int64(len(b.made))] }

// view reads a request as a whole page, or the part of it that the desk
// fetches when another row of the list is opened.
func (b *bench) view(c *http.Client, part string) func() error {
	return func() error { return get(c, fmt.Sprintf("http://%s/r/%d", b.addr, b.some()), part) }
}

func (b *bench) one() error {
	return b.agent.Do(b.ctx, "GET", fmt.Sprintf("/api/v1/requests/%d", b.some()), "", nil, nil)
}

func (b *bench) create() error {
	return b.teacher.Do(b.ctx, "POST", "/api/v1/requests", client.Key(), map[string]any{"text": fmt.Sprintf("%s, again %d", texts[b.n.Add(1)%6], b.n.Load()), "impact": "slowed"}, nil)
}

func (b *bench) reply() error {
	var list struct{ Items []struct{ ID int64 } }
	if len(b.ids) == 0 {
		if err := b.agent.Do(b.ctx, "GET", "/api/v1/requests?limit=200", "", nil, &list); err != nil {
			return err
		}
		for _, i := range list.Items {
			b.ids = append(b.ids, i.ID)
		}
	}
	id := b.ids[int(b.n.Add(1))%len(b.ids)]
	return b.agent.Do(b.ctx, "POST", fmt.Sprintf("/api/v1/requests/%d/replies", id), client.Key(), map[string]any{"text": "One more word about it."}, nil)
}

func (b *bench) list() error {
	return b.agent.Do(b.ctx, "GET", "/api/v1/requests?limit=50", "", nil, nil)
}

func (b *bench) search() error {
	return b.agent.Do(b.ctx, "GET", "/api/v1/requests/search?q="+[]string{"projector", "charge", "library", "folder"}[b.n.Add(1)%4], "", nil, nil)
}

// measure does one operation for a while.
func (b *bench) measure(name string, clients int, span time.Duration, do func() error) error {
	if err := do(); err != nil { // warm, and sure that it works
		return err
	}
	var t client.Times
	before, watch := cpu(b.cmd.Process.Pid), clock.Stopwatch()
	err := client.Each(clients, clients, func(int) error {
		for watch() < span {
			w := clock.Stopwatch()
			if err := do(); err != nil {
				return err
			}
			t.Add(w())
		}
		return nil
	})
	if err != nil {
		return err
	}
	took, spent := watch().Seconds(), cpu(b.cmd.Process.Pid)-before
	fmt.Printf("%-22s %8d %10.0f %10.2f %10.2f %12.2f\n", name, clients, float64(t.N())/took, msOf(t.Quantile(.5)), msOf(t.Quantile(.95)), spent*1000/float64(t.N()))
	return nil
}

func msOf(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// cpu is the processor time of a process in seconds.
func cpu(pid int) float64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, _ := strings.Cut(string(raw), ") ")
	f := strings.Fields(after)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(f[11], 64)
	sys, _ := strconv.ParseFloat(f[12], 64)
	return (user + sys) / 100
}

// pss is the memory of a process in KiB, shared pages counted in proportion.
func pss(pid int) float64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	for _, l := range strings.Split(string(raw), "\n") {
		if v, ok := strings.CutPrefix(l, "Pss:"); ok {
			n, _ := strconv.ParseFloat(strings.Fields(v)[0], 64)
			return n
		}
	}
	return 0
}

// disk is what the folder's disk takes for one small durable write.
func disk(dir string) string {
	f, err := os.CreateTemp(dir, "sync")
	if err != nil {
		return err.Error()
	}
	defer os.Remove(f.Name())
	defer f.Close()
	var t client.Times
	block := make([]byte, 4096)
	for range 200 {
		w := clock.Stopwatch()
		if _, err := f.Write(block); err != nil {
			return err.Error()
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return err.Error()
		}
		t.Add(w())
	}
	return fmt.Sprintf("%.2f ms", msOf(t.Quantile(.5)))
}
