// Command past makes a log like that of a large desk, brings it in twice,
// writes how support flowed and asks for the page over all of it, and prints
// how long each took with the work that it did.
//
//	go run ./bench/past
//	go run ./bench/past --events 1417120
//	go run ./bench/past --dsn postgres://…
package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/server"
	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/policy"
)

func main() {
	events := flag.Int("events", 141712, "lines of the log")
	dsn := flag.String("dsn", "", "an empty PostgreSQL database; without it SQLite is used")
	flag.Parse()
	if err := run(context.Background(), *events, *dsn); err != nil {
		fmt.Fprintln(os.Stderr, "past:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, events int, dsn string) (err error) {
	dir, err := os.MkdirTemp("", "past")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "log.csv")
	cases, err := write(file, events)
	if err != nil {
		return err
	}
	ctx = policy.WithActor(ctx, policy.SystemActor(policy.DoorCLI))
	reg, err := server.OpenRegistry(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reg.Close()) }()
	base, _ := url.Parse("http://127.0.0.1:8420")
	d, err := app.OpenDistrict(ctx, app.Options{Slug: "log", Folder: reg.Folder("log"), DSN: dsn, BaseURL: base})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	m, _ := past.Preset("uci")
	for _, time := range []string{"first", "second"} {
		watch := clock.Stopwatch()
		r, err := d.Past.BringFile(ctx, past.BringFile{Path: file, Map: &m})
		if err != nil {
			return err
		}
		if r.State != past.Done || int(r.Added+r.Same) != cases {
			return fmt.Errorf("%s reading ended %s with %d added and %d here already, of %d", time, r.State, r.Added, r.Same, cases)
		}
		took := watch()
		fmt.Printf("%-6s reading  %8.2f s  %d events, %d requests added, %d here already; %.0f events/s; at most %s of memory\n", time, took.Seconds(), r.Rows, r.Added, r.Same, float64(r.Rows)/took.Seconds(), peak())
	}
	watch, rows := clock.Stopwatch(), 0
	if err := d.Flow.Export(ctx, func([]string) error { rows++; return nil }, flow.Options{}); err != nil {
		return err
	}
	fmt.Printf("export          %8.2f s  %d rows computed from their histories\n", watch().Seconds(), rows-1)
	return pages(ctx, d)
}

// pages asks for the page over everything.
func pages(ctx context.Context, d *app.District) error {
	key, err := d.District.MakeSetupKey(ctx)
	if err != nil {
		return err
	}
	plain, _, err := d.District.SetUp(ctx, district.SetUp{Key: key, District: "Log", Zone: "UTC", Lang: "en", Name: "Ada Admin", Email: "ada@log.example",
		Password: "a long enough password", Site: "Office", Team: "Desk"})
	if err != nil {
		return err
	}
	for _, path := range []string{"/steer/flow", "/steer/flow?by=service", "/steer/flow?by=impact&clock=wall", "/steer/flow/requests?behind=ping_pong", "/steer/flow.csv"} {
		var took []time.Duration
		size := 0
		for range 15 {
			r := httptest.NewRequest("GET", "http://127.0.0.1:8420"+path, nil)
			r.AddCookie(&http.Cookie{Name: "trellis", Value: plain})
			w := httptest.NewRecorder()
			watch := clock.Stopwatch()
			d.ServeHTTP(w, r)
			took = append(took, watch())
			if size = w.Body.Len(); w.Code != 200 {
				return fmt.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
		slices.Sort(took)
		fmt.Printf("%-40s median %7.1f ms, longest %7.1f ms, %d bytes\n", path, ms(took[len(took)/2]), ms(took[len(took)-1]), size)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// peak is the most memory that this process ever held.
func peak() string {
	b, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "?"
}

// dice are the same numbers every time.
type dice uint64

func (d *dice) roll(n int) int {
	*d = *d*6364136223846793005 + 1442695040888963407
	return int(uint64(*d) >> 33 % uint64(n))
}

var header = strings.Split("number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at", ",")

// write makes a log with so many lines, cases beside each other in time but
// not in one piece, and tells how many cases it has.
func write(path string, events int) (cases int, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriter(f)
	w := csv.NewWriter(out)
	if err := w.Write(header); err != nil {
		return 0, err
	}
	d := dice(1)
	at := time.Date(2016, 2, 29, 1, 0, 0, 0, time.UTC)
	form := func(t time.Time) string { return t.Format("2/1/2006 15:04") }
	for left := events; left > 0; {
		cases++
		at = at.Add(time.Duration(d.roll(20)) * time.Minute)
		n := min(left, 2+d.roll(8))
		left -= n
		solved := at.Add(time.Duration(1+d.roll(20000)) * time.Minute)
		closed := solved.Add(120 * time.Hour)
		isSolved := d.roll(40) > 0
		kept, site, service, team := "true", d.roll(40), d.roll(30), d.roll(70)
		if d.roll(3) == 0 {
			kept = "false"
		}
		moved := 0
		for i := range n {
			state, when := "Active", at.Add(solved.Sub(at)*time.Duration(i)/time.Duration(n))
			if d.roll(4) == 0 {
				team, moved = d.roll(70), moved+1
			}
			if d.roll(10) == 0 {
				state = "Awaiting User Info"
			}
			solvedText, closedText := "?", "?"
			if isSolved {
				solvedText, closedText = form(solved), form(closed)
				if i >= n-1 {
					state, when = "Closed", closed
				}
			}
			row := make([]string, len(header))
			for j := range row {
				row[j] = "?"
			}
			for name, v := range map[string]string{"number": fmt.Sprintf("%07d", cases), "incident_state": state, "reassignment_count": fmt.Sprint(moved), "reopen_count": "0",
				"made_sla": kept, "caller_id": fmt.Sprint(d.roll(5000)), "opened_at": form(at), "sys_updated_at": form(when), "location": fmt.Sprint(site), "category": fmt.Sprint(service),
				"impact": "2", "priority": fmt.Sprint(1 + d.roll(4)), "assignment_group": fmt.Sprint(team), "assigned_to": fmt.Sprint(d.roll(300)), "resolved_at": solvedText, "closed_at": closedText} {
				row[slices.Index(header, name)] = v
			}
			if err := w.Write(row); err != nil {
				return 0, err
			}
		}
	}
	w.Flush()
	return cases, errors.Join(w.Error(), out.Flush())
}
