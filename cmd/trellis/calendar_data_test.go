package main

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"trellis/internal/testkit"
)

// Working seconds of real tickets, computed elsewhere, by the definitions that
// lie beside the data.

const officeHours = "Mon-Fri 08:00-17:00"

// rowsOf reads a CSV file, gzip'ed or not, as maps by column.
func rowsOf(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		r = csv.NewReader(z)
	}
	all, err := r.ReadAll()
	if err != nil || len(all) < 100 {
		t.Fatalf("%s: %d rows, %v", path, len(all), err)
	}
	out := make([]map[string]string, 0, len(all)-1)
	for _, row := range all[1:] {
		m := make(map[string]string, len(row))
		for i, v := range row {
			m[all[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

// ask sends elapsed questions through the command and compares.
type ask struct{ id, zone, closed, from, to, pauses, want string }

func compare(t *testing.T, questions []ask) {
	t.Helper()
	var in, want strings.Builder
	in.WriteString(batchHeader + "\n")
	want.WriteString("id,result\n")
	for _, q := range questions {
		fmt.Fprintf(&in, "%s,elapsed,%s,%s,\"%s\",%s,,%s,%s\n", q.id, q.zone, officeHours, q.closed, q.from, q.to, q.pauses)
		fmt.Fprintf(&want, "%s,%s\n", q.id, q.want)
	}
	got, err := trellis(t, in.String(), "calendar", "batch")
	if err != nil {
		t.Fatal(err)
	}
	have, should, wrong := strings.Split(got, "\n"), strings.Split(want.String(), "\n"), 0
	for i := range should {
		if i >= len(have) || have[i] != should[i] {
			if wrong++; wrong <= 5 {
				t.Errorf("row %d: want %s, have %v", i, should[i], have[min(i, len(have)-1)])
			}
		}
	}
	t.Logf("%d questions, %d wrong", len(questions), wrong)
}

func utc(t *testing.T, layout, s string) string {
	t.Helper()
	at, err := time.Parse(layout, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC().Format(strictLayout)
}

func TestCalendarAgainstIncidents2013(t *testing.T) {
	const holidays = "2010-04-05,2010-05-13,2010-05-24,2010-07-21,2010-11-01,2010-11-11,2011-04-25,2011-06-02,2011-06-13,2011-07-21,2011-08-15,2011-11-01,2011-11-11,2012-04-09,2012-05-01,2012-05-17,2012-05-28"
	expected := rowsOf(t, testkit.Data(t, "bpic13", "expected_clock_dev.csv"))
	log := rowsOf(t, testkit.Data(t, "bpic13", "incidents_dev.csv.gz"))
	events := map[string][]map[string]string{}
	for _, e := range log {
		events[e["case"]] = append(events[e["case"]], e)
	}
	var questions []ask
	for _, x := range expected {
		// The span and the pauses come from the log itself, not from the answer.
		var pauses []string
		end := ""
		of := events[x["case"]]
		for i, e := range of {
			at := utc(t, time.RFC3339Nano, e["time:timestamp"])
			if end == "" && e["concept:name"] == "Completed" {
				end = at
			}
			if e["lifecycle:transition"] == "Wait - User" && i+1 < len(of) {
				pauses = append(pauses, at+"/"+utc(t, time.RFC3339Nano, of[i+1]["time:timestamp"]))
			}
		}
		q := ask{id: x["case"], zone: "Europe/Brussels", from: utc(t, time.RFC3339Nano, of[0]["time:timestamp"]), to: end}
		q.want = x["biz_s"]
		questions = append(questions, q)
		q.closed, q.want = holidays, x["biz_holiday_s"]
		questions = append(questions, q)
		q.closed, q.pauses, q.want = "", strings.Join(pauses, ";"), x["biz_minus_waituser_s"]
		questions = append(questions, q)
	}
	compare(t, questions)
}

func TestCalendarAgainstIncidents2016(t *testing.T) {
	const holidays = "2016-05-30,2016-07-04,2016-09-05,2016-11-24,2016-11-25,2016-12-26,2017-01-02,2017-01-16"
	expected := rowsOf(t, testkit.Data(t, "uci_incident", "expected_clock_dev.csv"))
	last := map[string]map[string]string{}
	for _, e := range rowsOf(t, testkit.Data(t, "uci_incident", "incident_event_log_dev.csv.gz")) {
		last[e["number"]] = e
	}
	var questions []ask
	for i, x := range expected {
		e := last[x["case"]]
		q := ask{id: fmt.Sprint(i), zone: "UTC", from: utc(t, "2/1/2006 15:04", e["opened_at"]), to: utc(t, "2/1/2006 15:04", e["resolved_at"])}
		q.want = x["biz_s"]
		questions = append(questions, q)
		q.closed, q.want = holidays, x["biz_holiday_s"]
		questions = append(questions, q)
	}
	compare(t, questions)
}
