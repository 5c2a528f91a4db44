package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"trellis/internal/app"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/platform/policy"
	"trellis/internal/testkit"
)

// Real logs, brought in by the command line, and what was computed of them
// elsewhere by the definitions that lie beside the data.

// pastLog is a log with what it must come to.
type pastLog struct {
	preset, file string
	expected     []string // files, whose columns come one after the other
	key          string   // the export's first column
	events       int
}

var pastLogs = []pastLog{
	{"bpic13", "bpic13/incidents_dev.csv.gz", []string{"bpic13/expected_cases_dev.csv", "bpic13/expected_clock_dev.csv"}, "case", 3313},
	{"uci", "uci_incident/incident_event_log_dev.csv.gz", []string{"uci_incident/expected_incidents_dev.csv", "uci_incident/expected_clock_dev.csv"}, "number", 11397},
}

func TestRealLogs(t *testing.T) {
	for _, l := range pastLogs {
		for _, engine := range []string{"sqlite", "postgres"} {
			t.Run(l.preset+" "+engine, func(t *testing.T) {
				file := testkit.Data(t, strings.Split(l.file, "/")...)
				data := t.TempDir()
				args := []string{"import", "history", "--data", data, "--map", l.preset, file}
				if engine == "postgres" {
					args = append(args, "--dsn", testkit.EmptyPostgres(t))
				}
				first := says(t, args...)
				if want := fmt.Sprintf("%s: %d rows, ", l.preset, l.events); !strings.HasPrefix(first, want) {
					t.Fatalf("%q, want %q…", first, want)
				}
				export := says(t, "export", "flow", "--data", data, "--csv")
				l.compare(t, export)

				again := says(t, args...)
				if !strings.Contains(again, " 0 requests added, 0 changed, ") {
					t.Errorf("the second time: %s", again)
				}
				if second := says(t, "export", "flow", "--data", data, "--csv"); second != export {
					t.Error("the export differs after the second import")
				}
				oneEventLess(t, data, export)
			})
		}
	}
}

// says runs a command and gives what it prints.
func says(t *testing.T, args ...string) string {
	t.Helper()
	var out, problems paper
	if err := run(t.Context(), args, &out, &problems); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, problems.String())
	}
	return out.String()
}

// compare holds every cell of the expected files against the export.
func (l pastLog) compare(t *testing.T, export string) {
	t.Helper()
	got := tableOf(t, export, l.key)
	cells := 0
	for i, name := range l.expected {
		path := testkit.Data(t, strings.Split(name, "/")...)
		rows := rowsOf(t, path)
		if i == 0 && len(rows) != len(got) {
			t.Errorf("%d rows, want %d", len(got), len(rows))
		}
		for _, want := range rows {
			key := want[l.key]
			if key == "" {
				key = want["case"]
			}
			have, ok := got[key]
			if !ok {
				t.Errorf("%s is not there", key)
				continue
			}
			for column, v := range want {
				if column == "case" || column == l.key {
					continue
				}
				if cells++; have[column] != v {
					t.Errorf("%s %s: %q, want %q", key, column, have[column], v)
				}
			}
		}
	}
	t.Logf("%d cells", cells)
	if cells < 5000 {
		t.Errorf("only %d cells were compared", cells)
	}
}

// tableOf reads CSV by key and column.
func tableOf(t *testing.T, text, key string) map[string]map[string]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(all) < 2 || all[0][0] != key {
		t.Fatalf("%d rows, %v", len(all), err)
	}
	out := map[string]map[string]string{}
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[all[0][i]] = v
		}
		out[row[0]] = m
	}
	return out
}

// oneEventLess takes one event of one ticket out by the API, and only that
// ticket's row may differ; put back, nothing does.
func oneEventLess(t *testing.T, data, export string) {
	t.Helper()
	e := &env{ctx: t.Context(), stdout: &paper{}, stderr: &paper{}, data: data, log: slog.New(slog.DiscardHandler)}
	d, done, err := e.open("")
	if err != nil {
		t.Fatal(err)
	}
	token := firstToken(t, d)
	const ticket = 7 // H-7
	call := func(method, path string, into any) {
		t.Helper()
		r := httptest.NewRequest(method, "http://127.0.0.1:8420/api/v1"+path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Idempotency-Key", method+path)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatal(err)
		}
	}
	var rows struct{ Rows []struct{ ID int64 } }
	var past struct{ Past struct{ Number string } }
	call("GET", fmt.Sprintf("/requests/-%d", ticket), &past)
	call("GET", fmt.Sprintf("/requests/-%d/past", ticket), &rows)
	if len(rows.Rows) < 3 {
		t.Fatalf("%d rows", len(rows.Rows))
	}
	path := fmt.Sprintf("/requests/-%d/past/%d", ticket, rows.Rows[1].ID)
	var changed struct{}
	call("DELETE", path, &changed)
	less := exported(t, d)
	var differ []string
	before, after := strings.Split(export, "\n"), strings.Split(less, "\n")
	if len(before) != len(after) {
		t.Fatalf("%d lines, then %d", len(before), len(after))
	}
	for i := range before {
		if before[i] != after[i] {
			differ = append(differ, before[i])
		}
	}
	if len(differ) != 1 || !strings.HasPrefix(differ[0], past.Past.Number+",") {
		t.Errorf("without an event of %s these rows differ: %q", past.Past.Number, differ)
	}
	call("POST", path+"/restore", &changed)
	if exported(t, d) != export {
		t.Error("put back, the export is not what it was")
	}
	if err := done(); err != nil {
		t.Error(err)
	}
}

// exported is the export of a district that is open.
func exported(t *testing.T, d *app.District) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := d.Flow.Export(policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI)), w.Write, flow.Options{}); err != nil {
		t.Fatal(err)
	}
	w.Flush()
	return b.String()
}

// firstToken sets a district up and gives its first person a token.
func firstToken(t *testing.T, d *app.District) string {
	t.Helper()
	ctx := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	key, err := d.District.MakeSetupKey(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, s, err := d.District.SetUp(ctx, district.SetUp{Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en", Name: "Ada Admin", Email: "ada@jv.example",
		Password: "a long enough password", Site: "District office", Team: "Help desk"})
	if err != nil {
		t.Fatal(err)
	}
	plain, _, err := d.District.CreateToken(ctx, district.CreateToken{For: s.Person, Name: "test", Scopes: district.Scopes})
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// Logs that no preset knows come in by a guess.
func TestGuessedLogs(t *testing.T) {
	for _, l := range []struct {
		file          string
		rows, tickets int
	}{
		{"helpdesk_it/helpdesk.csv.gz", 21348, 4580},
		{"helpdesk_it/Helpdesk.xes.gz", 21348, 4580},
		{"endava_tickets/all_tickets_5431.csv.gz", 5431, 5431},
		{"bpic13/closed_problems.csv.gz", 6660, 1487},
	} {
		t.Run(filepath.Base(l.file), func(t *testing.T) {
			file := testkit.Data(t, strings.Split(l.file, "/")...)
			data := t.TempDir()
			got := says(t, "import", "history", "--data", data, file)
			if want := fmt.Sprintf(": %d rows, %d requests added, 0 changed, 0 here already, 0 rows not understood", l.rows, l.tickets); !strings.Contains(got, want) {
				t.Errorf("%q, want …%q", got, want)
			}
			if lines := strings.Count(says(t, "export", "flow", "--data", data, "--csv"), "\n"); lines != l.tickets+1 {
				t.Errorf("the export has %d lines", lines)
			}
		})
	}
}
