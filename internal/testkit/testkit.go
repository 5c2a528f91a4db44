// Package testkit gives tests real databases: a migrated template per engine
// is made once per process, and each test gets a copy of its own.
//
// PostgreSQL comes from TRELLIS_TEST_PG (a connection string of a server
// where databases may be created), or from a private server that is started
// on first use and removed with the process.
package testkit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/job"
	"trellis/internal/platform/notice"
)

// Platform are the schemas that every district has.
var Platform = []db.Schema{
	{Name: "event", FS: event.Migrations},
	{Name: "job", FS: job.Migrations},
	{Name: "notice", FS: notice.Migrations},
}

// Start is where a test's clock stands unless it says otherwise: a Monday
// morning of a school week.
var Start = time.Date(2026, 3, 2, 14, 5, 0, 0, time.UTC)

// Setup says what database a test wants.
type Setup struct {
	Schemas []db.Schema // on top of Platform
	Clock   clock.Clock // nil: a manual clock at Start
	// Once runs each write function once. Tests leave it unset unless they
	// count runs.
	Once bool
	// Loose lets a write emit nothing without a reason.
	Loose bool
}

// Each runs f once on SQLite and once on PostgreSQL. When all tests of the
// package have run, Main requires that both engines ran the same SQL texts,
// less those that a package owns per engine.
func Each(t *testing.T, s Setup, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	texts := map[db.Engine]map[string]bool{}
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		texts[e] = map[string]bool{}
		t.Run(e.String(), func(t *testing.T) { f(t, open(t, e, s, texts[e])) })
	}
	ran.Lock()
	defer ran.Unlock()
	for e, all := range texts {
		for q := range all {
			ran.texts[e][anyIDs.ReplaceAllString(q, "IN ($1#)")] = true
		}
	}
}

// Open gives one engine's database.
func Open(t testing.TB, e db.Engine, s Setup) *db.DB {
	t.Helper()
	return open(t, e, s, nil)
}

func open(t testing.TB, e db.Engine, s Setup, texts map[string]bool) *db.DB {
	t.Helper()
	if s.Clock == nil {
		s.Clock = clock.NewManual(Start)
	}
	opt := db.Options{
		Engine: e, Clock: s.Clock, Log: slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Twice: !s.Once, Strict: !s.Loose, Readers: 4,
		Fatal: func(err error) { t.Errorf("storage failed: %v", err) },
	}
	if texts != nil {
		var mu sync.Mutex
		opt.Trace = func(q string) {
			mu.Lock()
			texts[q] = true
			mu.Unlock()
		}
	}
	schemas := slices.Concat(Platform, s.Schemas)
	if e == db.Postgres {
		opt.DSN = copyPostgres(t, schemas)
	} else {
		opt.Path = copySQLite(t, schemas)
	}
	d, err := db.Open(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}

// templates of this process, by engine and schema names.
var (
	templatesMu sync.Mutex
	templates   = map[string]string{}
)

func key(e db.Engine, schemas []db.Schema) string {
	var b strings.Builder
	b.WriteString(e.String())
	for _, s := range schemas {
		b.WriteString("," + s.Name)
	}
	return b.String()
}

func migrated(t testing.TB, opt db.Options, schemas []db.Schema) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx, schemas, nil); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(ctx, "origin", event.EnsureOrigin); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func copySQLite(t testing.TB, schemas []db.Schema) string {
	t.Helper()
	templatesMu.Lock()
	defer templatesMu.Unlock()
	k := key(db.SQLite, schemas)
	tpl, ok := templates[k]
	if !ok {
		dir, err := os.MkdirTemp("", "trellis-template-")
		if err != nil {
			t.Fatal(err)
		}
		atExit(func() { _ = os.RemoveAll(dir) })
		tpl = filepath.Join(dir, "district.db")
		migrated(t, db.Options{Engine: db.SQLite, Path: tpl}, schemas)
		templates[k] = tpl
	}
	raw, err := os.ReadFile(tpl)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "district.db")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func random() string {
	b := make([]byte, 6)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// EngineOwned are the beginnings of SQL texts that exist for one engine by
// design: each is owned by one platform package and tested there.
var EngineOwned = []string{
	"INSERT INTO event (",                        // places: at once on SQLite, by the sealer on PostgreSQL
	"SELECT place, hash FROM event ",             // likewise
	"SELECT coalesce(max(id), 0) + 1 FROM event", // likewise
	"SELECT coalesce((SELECT max(place) FROM event WHERE place IS NOT NULL), 0), EXISTS", // the sealer peeks
	"SELECT pg_try_advisory_xact_lock",
	"SELECT id, at, kind, version",                       // the sealer reads
	"UPDATE event SET place",                             // the sealer writes
	"SELECT l.name, c.name, c.pk FROM pragma_table_list", // the engine's catalogue
	"SELECT c.relname::text, a.attname::text",            // likewise
}

// anyIDs are lists of ids in a text: whom somebody covers for. They are numbers
// that a database gave, so they differ between the two.
var anyIDs = regexp.MustCompile(`IN \(((?:\$\d+, )?)\d+(?:, \d+)*\)`)

// ran are the texts of this process's tests.
var ran = struct {
	sync.Mutex
	texts map[db.Engine]map[string]bool
}{texts: map[db.Engine]map[string]bool{db.SQLite: {}, db.Postgres: {}}}

// onOneEngine lists the texts that one engine ran and the other did not. It
// says nothing when only some tests or one engine were asked for.
func onOneEngine() (out []string) {
	if len(ran.texts[db.SQLite]) == 0 || len(ran.texts[db.Postgres]) == 0 || flag.Lookup("test.run").Value.String() != "" {
		return nil
	}
	for a, b := range map[db.Engine]db.Engine{db.SQLite: db.Postgres, db.Postgres: db.SQLite} {
		for q := range ran.texts[a] {
			line := strings.Join(strings.Fields(q), " ")
			if ran.texts[b][q] || strings.Contains(line, "search_doc") || slices.ContainsFunc(EngineOwned, func(p string) bool { return strings.HasPrefix(line, p) }) {
				continue
			}
			out = append(out, fmt.Sprintf("run on %s and not on %s: %s", a, b, line))
		}
	}
	return out
}

var (
	exitMu    sync.Mutex
	exitFuncs []func()
)

// atExit notes what Main shall clean up.
func atExit(f func()) {
	exitMu.Lock()
	exitFuncs = append(exitFuncs, f)
	exitMu.Unlock()
}

// Main runs a package's tests and cleans up after them:
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	if code == 0 {
		for _, line := range onOneEngine() {
			fmt.Fprintln(os.Stderr, line)
			code = 1
		}
	}
	exitMu.Lock()
	for _, f := range slices.Backward(exitFuncs) {
		f()
	}
	os.Exit(code)
}

func must(t testing.TB, err error, what string) {
	t.Helper()
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", what, err))
	}
}
