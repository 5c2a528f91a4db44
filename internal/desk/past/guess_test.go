package past_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
)

// Files as they come: a log or a list of requests, in English or Spanish, by
// the names of their columns and by what stands in them.
func TestGuess(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  past.Map
	}{
		"a list in English": {
			[]string{"Request ID|Title|School|Category|Status|Urgency|Assigned To|Group|Date|First Response|Resolved|Requested by",
				"R-1|No sound|Lincoln|Audio|Resolved|High|Dana|Tier 2 AV|3/14/2024 8:00|3/14/2024 8:30|3/15/2024 9:00|Kim",
				"R-2|Broken|Adams|Chromebook|Waiting on user|Low|Sam|Help Desk|3/15/2024 8:00|n/a||Lee"},
			past.Map{Case: "Request ID", Title: "Title", Place: "School", Service: "Category", Status: "Status", Priority: "Urgency", Impact: "Urgency", Person: "Assigned To", Team: "Group",
				Opened: "Date", First: "First Response", Solved: "Resolved", Missing: []string{"n/a"}, Lines: []past.LineRule{{Contains: "tier 2", Line: 20}},
				Impacts: map[string]string{"High": "blocked", "Low": "question"},
				Means:   map[string]past.Meaning{"resolved": {State: flow.Solved}, "waiting on user": {State: flow.Waiting, Wait: flow.OnRequester}}},
		},
		"una lista en español": {
			[]string{"Folio|Asunto|Descripción|Plantel|Servicio|Estado|Prioridad|Técnico|Equipo|Fecha de creación|Fecha de cierre|Solicitante",
				"1|Proyector|No enciende|Escuela Juárez|Proyectores|Cerrado|Alta|Ana|Nivel 2|14/03/2024 08:00|15/03/2024 09:00|Luis",
				"2|Correo|No llega|Escuela Hidalgo|Correo|En espera de proveedor|Baja|Eva|Mesa|15/03/2024 08:00||Rosa"},
			past.Map{Case: "Folio", Title: "Asunto", Body: "Descripción", Place: "Plantel", Service: "Servicio", Status: "Estado", Priority: "Prioridad", Impact: "Prioridad", Person: "Técnico",
				Team: "Equipo", Opened: "Fecha de creación", ClosedAt: "Fecha de cierre", Requester: "Solicitante", Lines: []past.LineRule{{Contains: "nivel 2", Line: 20}},
				Impacts: map[string]string{"Alta": "blocked", "Baja": "question"},
				Means:   map[string]past.Meaning{"cerrado": {State: flow.Closed}, "en espera de proveedor": {State: flow.Waiting, Wait: flow.OnVendor}}},
		},
		"a log": {
			[]string{"ticket_number|date|state|assignment_group", "7|2024-03-14 08:00|New|A", "7|2024-03-14 09:00|Done|B", "8|2024-03-14 09:00|New|A"},
			past.Map{Case: "ticket_number", At: "date", Status: "state", Team: "assignment_group", Number: "case",
				Means: map[string]past.Meaning{"new": {State: flow.Open}, "done": {State: flow.Solved}}},
		},
		"a log whose time has no name": {
			[]string{"Case|Step|Recorded|Who", "7|a|2024-03-14 08:00|x", "7|b|2024-03-14 09:00|y", "8|a|2024-03-14 09:00|y"},
			past.Map{Case: "Case", At: "Recorded"},
		},
		"a list whose time has no name": {[]string{"Title|Logged|Sum", "Beamer|2024-03-14|7", "Mouse|2024-03-15|8"}, past.Map{Title: "Title", Opened: "Logged"}},
		"names that promise too much":   {[]string{"Status|Created|Number|Priority", "2024-03-14|yes|7|", "2024-03-15|no|7|"}, past.Map{Opened: "Status", Priority: "Priority", Impact: "Priority"}},
		"nothing at all":                {[]string{"a|b", "1|2"}, past.Map{}},
	} {
		t.Run(name, func(t *testing.T) {
			var rows [][]string
			for _, l := range c.lines {
				rows = append(rows, strings.Split(l, "|"))
			}
			c.want.Hours = "Mon-Fri 08:00-17:00"
			if c.want.Number == "" {
				c.want.Number = "case"
			}
			m := past.Guess(rows[0], rows[1:])
			if d := gocmp.Diff(c.want, m); d != "" {
				t.Error(d)
			}
			if name == "nothing at all" {
				return
			}
			if err := m.Check(rows[0]); err != nil {
				t.Errorf("its own map doesn't fit: %v", err)
			}
			if r, _ := all(t, of(c.lines...), m, past.Options{}); len(r.Problems) > 0 {
				t.Error(r.Problems)
			}
		})
	}
}

// One line of each known export, by the columns that its documentation lists.
func TestPresets(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, c := range map[string]struct {
		preset string // "": recognized
		lines  []string
		want   past.Case
	}{
		"zendesk": {"", []string{
			"Summation column|Id|Requester|Requester id|Requester external id|Requester email|Requester domain|Submitter|Assignee|Group|Subject|Tags|Status|Priority|Via|Ticket type|Created at|Updated at|Assigned at|Organization|Due date|Initially assigned at|Solved at|Resolution time|Satisfaction Score|Group stations|Assignee stations|Reopens|Replies|First reply time in minutes",
			"1|35436|Kim Lee|9||kim@example.org|example.org|Kim Lee|Dana|Tier 1|Projector|room12|Pending|High|Web|Incident|2024-03-14 08:00|2024-03-15 10:00||Lincoln|||2024-03-14 09:00||Offered|2|1|1|3|15"},
			past.Case{Key: "35436", Title: "Projector", Requester: "Kim Lee", Owner: "Dana", Rows: []flow.Row{{At: at("2024-03-15 10:00"), Status: "Pending", State: flow.Waiting, Wait: flow.OnRequester,
				Team: "Tier 1", Person: "Dana", Impact: "High", Priority: "High", Place: "Lincoln", Service: "Incident", Opened: at("2024-03-14 08:00"), First: at("2024-03-14 08:15"), Solved: at("2024-03-14 09:00"), Reassigned: -1, Reopened: 1}}}},
		"a view of zendesk": {"zendesk", []string{"ID|Subject|Requester|Requested|Priority|Group|Assignee|Status", "7|Mouse|Lee|2024-03-14 08:00|-|-|-|On-hold"},
			past.Case{Key: "7", Title: "Mouse", Requester: "Lee", Rows: []flow.Row{{At: at("2024-03-14 08:00"), Status: "On-hold", State: flow.Waiting, Wait: flow.OnVendor, Opened: at("2024-03-14 08:00"), Reassigned: -1, Reopened: -1}}}},
		"osticket": {"", []string{
			"Ticket Number|Date Created|Subject|From|From Email|Priority|Department|Help Topic|Source|Current Status|Last Updated|SLA Due Date|Due Date|Closed Date|Overdue|Merged|Linked|Answered|Agent Assigned|Team Assigned|Thread Count|Reopen Count|Attachment Count|Task Count",
			"100023|3/14/24 8:00 AM|Wi-Fi|Kim|kim@example.org|High|Support|Network|Web|Resolved|3/15/24 8:00 AM|||3/14/24 1:30 PM|No|No|No|Yes|Dana||4|0|0|0"},
			past.Case{Key: "100023", Title: "Wi-Fi", Requester: "Kim", Owner: "Dana", Rows: []flow.Row{{At: at("2024-03-15 08:00"), Status: "Resolved", State: flow.Solved, Team: "Support", Person: "Dana", Impact: "High", Priority: "High",
				Service: "Network", Opened: at("2024-03-14 08:00"), Solved: at("2024-03-14 13:30"), Closed: at("2024-03-14 13:30"), Reassigned: -1}}}},
		"incidentiq": {"", []string{
			"TicketId|TicketNumber|Subject|CreatedDate|ModifiedDate|ClosedDate|IsClosed|Status|TeamName|LocationName|OwnerName|Priority|IssueCategoryName|IssueTypeName|ForName|ResponseActual",
			"u-1|4711|Cracked screen|2024-03-14T08:00:00Z|2024-03-14T12:00:00Z|0001-01-01T00:00:00|No|Waiting on Parts|Field|Lincoln High|Dana|3|Hardware|Display|Kim|30"},
			past.Case{Key: "4711", Title: "Cracked screen", Requester: "Kim", Owner: "Dana", Rows: []flow.Row{{At: at("2024-03-14 12:00"), Status: "Waiting on Parts", State: flow.Waiting, Wait: flow.OnPart, Team: "Field", Person: "Dana",
				Impact: "3", Priority: "3", Place: "Lincoln High", Service: "Hardware", Opened: at("2024-03-14 08:00"), First: at("2024-03-14 08:30"), Reassigned: -1, Reopened: -1}}}},
		"snipeit": {"", []string{"Asset Tag|Asset Name|Supplier|Asset Maintenance Type|Title|Start Date|Completion Date|Asset Maintenance Time (days)|Cost",
			"A-17|Cart 3|Fixit|Repair|New hinge|2024-03-14|2024-03-20|6|80.00"},
			past.Case{Key: "row 2", Title: "New hinge", Body: "Cart 3", Rows: []flow.Row{{At: at("2024-03-20 00:00"), Team: "Fixit", Service: "Repair", Opened: at("2024-03-14 00:00"), Solved: at("2024-03-20 00:00"), Closed: at("2024-03-20 00:00"), Reassigned: -1, Reopened: -1}}}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := past.GuessFile(of(c.lines...))
			if err != nil {
				t.Fatal(err)
			}
			if c.preset != "" {
				m, _ = past.Preset(c.preset)
			} else if m.Preset != name {
				t.Errorf("recognized as %q", m.Preset)
			}
			r, cases := all(t, of(c.lines...), m, past.Options{})
			if len(cases) != 1 {
				t.Fatal(r.Problems)
			}
			c.want.First, c.want.Digest = 2, cases[0].Digest
			if d := gocmp.Diff(c.want, cases[0]); d != "" {
				t.Error(d)
			}
		})
	}
}

// A preset of a desk whose statuses are its own learns them from the file; one
// of a log that is known as a whole doesn't.
func TestLearn(t *testing.T) {
	m, _ := past.Preset("osticket")
	header := []string{"Ticket Number", "Date Created", "Current Status"}
	m = m.Learn(header, [][]string{{"1", "", "Waiting on vendor"}, {"2", "", "Open"}, {"3", "", "Purple"}})
	if m.Means["waiting on vendor"].Wait != flow.OnVendor || m.Means["open"].State != flow.Open {
		t.Error(m.Means)
	}
	if purple, known := m.Means["purple"]; !known || purple.State != "" {
		t.Error("an unknown status must be on the list, without a meaning")
	}
	if own, _ := past.Preset("osticket"); len(own.Means) >= len(m.Means) {
		t.Error("the preset itself has learned")
	}
	m, _ = past.Preset("bpic13")
	if again := m.Learn([]string{"concept:name", "lifecycle:transition"}, [][]string{{"Completed", "Closed"}}); !maps.Equal(again.Means, m.Means) {
		t.Error(again.Means)
	}
}

// Both languages say the same things, about every problem that there is.
func TestMessages(t *testing.T) {
	var words [2]map[string]string
	for i, lang := range []string{"en", "es"} {
		b, err := past.Messages.ReadFile("messages/" + lang + ".json")
		if err == nil {
			err = json.Unmarshal(b, &words[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if en, es := slices.Sorted(maps.Keys(words[0])), slices.Sorted(maps.Keys(words[1])); !slices.Equal(en, es) {
		t.Error(gocmp.Diff(en, es))
	}
	holes := func(s string) (out []string) {
		for _, p := range strings.Split(s, "{{.")[1:] {
			out = append(out, p[:strings.Index(p, "}}")])
		}
		slices.Sort(out)
		return out
	}
	for k, en := range words[0] {
		if !slices.Equal(holes(en), holes(words[1][k])) {
			t.Errorf("%s: %q %q", k, en, words[1][k])
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range sources {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range regexp.MustCompile(`\bfail\([^,"]+, "([a-z_]+)"|"(past\.(?:map|problem)\.[a-z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			key := hit[2]
			if hit[1] != "" {
				key = "past.problem." + hit[1]
			}
			if words[0][key] == "" {
				t.Errorf("%s: no words for %s", path, key)
			}
		}
	}
}
