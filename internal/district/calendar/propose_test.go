package calendar_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/testkit"
)

// bring does what a person does with a proposal: what is ticked, and what they
// tick, goes through Plan and SetDays as one change.
func (w *world) bring(f calendar.Found, sites []district.SiteID, also ...string) int64 {
	w.t.Helper()
	in := calendar.Enter{Sites: sites}
	for _, p := range f.Lines {
		if p.Ticked || p.Offered() && slices.Contains(also, p.Entry.Day.Name) {
			in.Entries = append(in.Entries, p.Entry)
		}
	}
	cmd := must[calendar.SetDays](w.t)(w.c.Plan(w.admin, in))
	return must[int64](w.t)(w.c.SetDays(w.admin, cmd))
}

func verdicts(f calendar.Found) map[string]string {
	out := map[string]string{}
	for _, p := range f.Lines {
		v := p.Verdict
		if p.Ticked {
			v += " ticked"
		}
		out[p.Entry.Day.Name] = v
	}
	return out
}

// A feed reaches too far; what comes of it is a difference that a person looks
// at, and nothing is saved until then.
func TestPropose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		event := func(date, more string) string {
			return "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:" + date + "\r\n" + more + "\r\nEND:VEVENT\r\n"
		}
		feed := []byte("BEGIN:VCALENDAR\r\n" + event("20261111", "SUMMARY:St Martin's Day") + event("20261126", "DTEND;VALUE=DATE:20261128\r\nSUMMARY:Thanksgiving break") +
			event("20261225", "SUMMARY:Christmas holiday") + event("20261226", "SUMMARY:Saturday holiday") + event("20261014", "SUMMARY:Early dismissal") +
			"BEGIN:VEVENT\r\nDTSTART:20261015T150000Z\r\nDTEND:20261015T170000Z\r\nSUMMARY:No school play rehearsal\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
		got := verdicts(must[calendar.Found](t)(w.c.Propose(w.admin, calendar.Import{Data: feed})))
		for name, want := range map[string]string{
			"St Martin's Day": calendar.NoClosure, "Thanksgiving break": "add ticked", "Christmas holiday": "add ticked", "Saturday holiday": calendar.NoMatter,
			"Early dismissal": calendar.NeedHours, "No school play rehearsal": calendar.NoClosure,
		} {
			if got[name] != want {
				t.Errorf("%s: %q, want %q", name, got[name], want)
			}
		}
		if n := w.count(`SELECT count(*) FROM district_calendar_day`); n != 0 {
			t.Fatalf("looking saved %d days", n)
		}

		with := calendar.Import{Data: feed, Short: spans(t, "07:30-11:30")}
		told := w.bring(must[calendar.Found](t)(w.c.Propose(w.admin, with)), nil)
		w.want(w.oak, "2026-11-26", "")
		w.want(w.oak, "2026-11-27", "")
		w.want(w.oak, "2026-11-11", "07:30-15:30")
		w.want(w.oak, "2026-10-14", "07:30-11:30")

		// The same again is there already; with other words, a change.
		got = verdicts(must[calendar.Found](t)(w.c.Propose(w.admin, with)))
		if got["Thanksgiving break"] != calendar.Same || got["Early dismissal"] != calendar.Same || got["St Martin's Day"] != calendar.NoClosure {
			t.Errorf("again: %v", got)
		}
		f := must[calendar.Found](t)(w.c.Propose(w.admin, calendar.Import{Data: []byte("11/26/2026 Thanksgiving, no school\n11/27/2026 Thanksgiving, no school\nsome day, maybe")}))
		if len(f.Lines) != 1 || f.Lines[0].Verdict != calendar.Changes || f.Lines[0].Was == nil || f.Lines[0].Was.Name != "Thanksgiving break" || len(f.Unread) != 1 || f.Unread[0].Line != 3 {
			t.Errorf("with other words: %+v", f)
		}
		must[calendar.TakenBack](t)(w.c.TakeBack(w.admin, told))
		w.want(w.oak, "2026-11-26", "07:30-15:30")

		for key, data := range map[string][]byte{"field.required": nil, "error.too_large": make([]byte, calendar.MaxImport+1)} {
			_, err := w.c.Propose(w.admin, calendar.Import{Data: data})
			refused(t, err, key)
		}
	})
}

// A real school year: New York City's, which lists every day with whether
// schools are closed. Nothing that leaves them open is proposed, and with what
// a person adds by its name the year comes out right.
func TestCityCalendar(t *testing.T) {
	raw, err := os.ReadFile(testkit.Data(t, "nyc_calendar", "nyc_doe_2023-24.json"))
	if err != nil {
		t.Fatal(err)
	}
	var year []struct {
		Date        string
		Closed      bool
		Description string
	}
	if err := json.Unmarshal(raw, &year); err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	shut, name := map[string]bool{}, map[string]bool{}
	for _, e := range year {
		fmt.Fprintf(&list, "%s\t%s\n", e.Date, e.Description)
		shut[e.Date] = e.Closed
		name[e.Description] = name[e.Description] || e.Closed
	}
	eachAt(t, time.Date(2023, 8, 21, 14, 0, 0, 0, time.UTC), func(t *testing.T, w *world) {
		must[calendar.RangeID](t)(w.c.SetTerm(w.admin, calendar.SetRange{Name: "2023-24", Dates: dates(t, "2023-09-07", "2024-06-26")}))
		f := must[calendar.Found](t)(w.c.Propose(w.admin, calendar.Import{Data: []byte(list.String())}))
		if len(f.Unread) > 0 {
			t.Errorf("not read: %v", f.Unread)
		}
		ticked, also := 0, []string{}
		for _, p := range f.Lines {
			if full := find(name, p.Entry.Day.Name); p.Ticked && !full {
				t.Errorf("%s %s is proposed and schools are open", p.Entry.First, p.Entry.Day.Name)
			} else if p.Ticked {
				ticked++
			} else if full {
				also = append(also, p.Entry.Day.Name)
			}
		}
		if ticked < 8 {
			t.Errorf("only %d closures are proposed", ticked)
		}
		w.bring(f, nil, also...)

		// Days that were looked up by hand.
		for date, hours := range map[string]string{
			"2023-09-06": "", "2023-09-07": "07:30-15:30", "2023-09-25": "", "2023-10-09": "", "2023-11-07": "", "2023-11-08": "07:30-15:30", "2023-11-23": "",
			"2024-01-15": "", "2024-01-29": "07:30-15:30", "2024-02-19": "", "2024-02-23": "", "2024-02-26": "07:30-15:30", "2024-04-22": "", "2024-04-26": "",
			"2024-06-14": "07:30-15:30", "2024-06-19": "", "2024-06-26": "07:30-15:30", "2024-06-27": "",
		} {
			w.want(w.marsh, date, hours)
		}
		for date, closed := range shut {
			if d := day(t, date); d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && (w.hours(w.marsh, date) == "") != closed {
				t.Errorf("%s: closed %v, and the hours are %q", date, closed, w.hours(w.marsh, date))
			}
		}
	})
}

// find looks a name up that may have been cut.
func find(names map[string]bool, s string) bool {
	for k, v := range names {
		if k == s || strings.HasPrefix(k, strings.TrimSuffix(s, "…")) {
			return v
		}
	}
	return false
}
