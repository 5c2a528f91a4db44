package flow

import (
	"slices"
	"strconv"
	"time"
)

// The first column of an export says which columns follow.
const (
	ByCase   = "case"   // of event logs, and where sources of both kinds meet
	ByNumber = "number" // of incidents whose last line tells how it went
)

// column is one column of an export.
type column struct {
	name string
	cell func(Facts, bool) string // floats: the source knows no zone
}

// of makes a column of what doesn't depend on the zone.
func of(name string, cell func(Facts) string) column {
	return column{name, func(f Facts, _ bool) string { return cell(f) }}
}

// ifSolved leaves a cell of the clock empty where nothing was solved.
func ifSolved(c column) column {
	return column{c.name, func(f Facts, floats bool) string {
		if f.SolveWall == None {
			return ""
		}
		return c.cell(f, floats)
	}}
}

var clock = []column{
	of("wall_s", func(f Facts) string { return span(f.SolveWall) }),
	of("biz_s", func(f Facts) string { return span(f.SolveOpen) }),
	of("biz_holiday_s", func(f Facts) string { return span(f.SolveBiz) }),
}

var columns = map[string][]column{
	ByCase: slices.Concat([]column{
		of("events", func(f Facts) string { return strconv.Itoa(f.Events) }),
		of("impact", func(f Facts) string { return f.Impact }),
		of("first_line", func(f Facts) string { return f.FirstLine.String() }),
		of("max_line", func(f Facts) string { return f.MaxLine.String() }),
		of("last_completed_line", func(f Facts) string { return f.SolvedLine.String() }),
		of("handoffs", func(f Facts) string { return strconv.Itoa(f.Handoffs) }),
		of("owner_changes", func(f Facts) string { return strconv.Itoa(f.Owners) }),
		of("escalations", func(f Facts) string { return strconv.Itoa(f.Ups) }),
		of("deescalations", func(f Facts) string { return strconv.Itoa(f.Downs) }),
		of("team_revisited", func(f Facts) string { return strconv.Itoa(one(f.PingPong)) }),
		of("aba_triples", func(f Facts) string { return strconv.Itoa(f.Triples) }),
		of("wait_user_events", func(f Facts) string { return strconv.Itoa(f.Waits) }),
		of("wait_user_s", func(f Facts) string { return strconv.FormatInt(f.Waited[OnRequester], 10) }),
		of("resolution_s", func(f Facts) string { return span(f.SolveWall) }),
		of("close_s", func(f Facts) string { return span(wall(f.Start, f.End)) }),
		of("reopened", func(f Facts) string { return strconv.Itoa(one(f.Reopened)) }),
		ifSolved(column{"start_utc", func(f Facts, floats bool) string { return instant(f.Start, floats) }}),
		ifSolved(column{"end_utc", func(f Facts, floats bool) string { return instant(f.SolvedAt, floats) }}),
	}, clock, []column{
		of("biz_minus_waituser_s", func(f Facts) string { return span(f.SolveOpenOwn) }),
	}),
	ByNumber: slices.Concat([]column{
		of("events", func(f Facts) string { return strconv.Itoa(f.Events) }),
		of("priority", func(f Facts) string { return f.Priority }),
		of("made_sla", func(f Facts) string { return map[string]string{"yes": "true", "no": "false"}[f.Kept] }),
		of("reassignment_count", func(f Facts) string { return counter(f.Reassigns) }),
		of("reopen_count", func(f Facts) string { return counter(f.Reopens) }),
		of("group_handoffs", func(f Facts) string { return strconv.Itoa(f.Handoffs) }),
		of("group_revisited", func(f Facts) string { return strconv.Itoa(one(f.PingPong)) }),
		{"opened_at", func(f Facts, floats bool) string { return instant(f.Start, floats) }},
		of("resolution_min", func(f Facts) string { return minutes(f.SolveWall) }),
		of("closure_min", func(f Facts) string { return minutes(wall(f.Start, f.Closed)) }),
		ifSolved(column{"opened", func(f Facts, floats bool) string { return instant(f.Start, floats) }}),
		ifSolved(column{"resolved", func(f Facts, floats bool) string { return instant(f.SolvedAt, floats) }}),
	}, clock),
}

// Columns are the names of an export's columns: number is ByCase or ByNumber,
// which is also the name of the first.
func Columns(number string) []string {
	out := []string{number}
	for _, c := range columns[number] {
		out = append(out, c.name)
	}
	return out
}

// Record is a ticket as a row of an export: its key, and what Columns names
// after it. floats says that its times are local ones of nobody knows where;
// others are written in UTC. What is not known is empty.
func Record(number, key string, f Facts, floats bool) []string {
	out := make([]string, 1, 1+len(columns[number]))
	out[0] = key
	for _, c := range columns[number] {
		out = append(out, c.cell(f, floats))
	}
	return out
}

// String is a line as people say it: 1, 2, 2.5; "" if nobody knows.
func (l Line) String() string {
	switch {
	case l == 0:
		return ""
	case l%10 == 0:
		return strconv.Itoa(int(l / 10))
	}
	return strconv.Itoa(int(l/10)) + "." + strconv.Itoa(int(l%10))
}

func span(s int64) string {
	if s == None {
		return ""
	}
	return strconv.FormatInt(s, 10)
}

func minutes(s int64) string {
	if s == None {
		return ""
	}
	return strconv.FormatInt(s/60, 10)
}

func counter(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func instant(t time.Time, floats bool) string {
	switch {
	case t.IsZero():
		return ""
	case floats:
		return t.UTC().Format("2006-01-02T15:04:05")
	}
	return t.UTC().Format("2006-01-02T15:04:05+00:00")
}
