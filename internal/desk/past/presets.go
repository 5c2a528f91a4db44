package past

import (
	"maps"
	"slices"

	"trellis/internal/desk/flow"
)

// preset is the map of a known export, and what more is known of it.
type preset struct {
	Map   Map
	needs []int            // fields without whose columns nothing can be told
	also  map[int][]string // other names that a field's column has had
	marks []string         // columns by which a file is recognized; none: it isn't
	whole bool             // Means knows every value there is
}

// Presets are the names of the known exports, sorted.
func Presets() []string { return slices.Sorted(maps.Keys(presets)) }

// Preset is the map of a known export.
func Preset(name string) (Map, bool) {
	p, ok := presets[name]
	if !ok {
		return Map{}, false
	}
	m := p.Map
	m.Means, m.Impacts = maps.Clone(m.Means), maps.Clone(m.Impacts)
	m.Lines, m.Missing, m.Closed = slices.Clone(m.Lines), slices.Clone(m.Missing), slices.Clone(m.Closed)
	return m, true
}

// presetOf is the preset of which a file has all the marks, "" if of none.
func presetOf(header []string) string {
	for _, name := range Presets() {
		marks := presets[name].marks
		if len(marks) > 0 && !slices.ContainsFunc(marks, func(c string) bool { return !slices.Contains(header, c) }) {
			return name
		}
	}
	return ""
}

const office = "Mon-Fri 08:00-17:00"

var (
	isOpen   = Meaning{State: flow.Open}
	isSolved = Meaning{State: flow.Solved}
	isClosed = Meaning{State: flow.Closed}
)

func waits(on flow.Wait) Meaning { return Meaning{flow.Waiting, on} }

var presets = map[string]preset{
	"bpic13":     {Map: bpic13, needs: []int{fCase, fAt, fStatus}, whole: true, marks: []string{"org:group", "concept:name", "lifecycle:transition", "time:timestamp", "impact", "product", "organization country"}},
	"uci":        {Map: uci, needs: []int{fCase, fAt, fOpened, fStatus}, whole: true, marks: []string{"number", "incident_state", "sys_updated_at", "made_sla", "assignment_group", "opened_at"}},
	"zendesk":    {Map: zendesk, needs: []int{fCase, fOpened}, also: zendeskAlso, marks: []string{"Id", "Requester", "Assignee", "Created at", "Solved at", "Group stations"}},
	"osticket":   {Map: osticket, needs: []int{fCase, fOpened}, also: osticketAlso, marks: []string{"Ticket Number", "Date Created", "Current Status", "Department"}},
	"incidentiq": {Map: incidentiq, needs: []int{fCase, fOpened}, also: incidentiqAlso, marks: []string{"TicketNumber", "CreatedDate", "IssueTypeName"}},
	"snipeit":    {Map: snipeit, needs: []int{fOpened}, also: snipeitAlso, marks: []string{"Asset Maintenance Type", "Start Date", "Completion Date"}},
}

// bpic13 is the log of the BPI Challenge 2013, incidents, as a table whose
// columns keep the names of the log's attributes (concept:name and so on).
var bpic13 = Map{
	Preset: "bpic13", Number: "case",
	Case: "case", At: "time:timestamp", Status: "concept:name", Sub: "lifecycle:transition", Team: "org:group", Person: "org:resource",
	Impact: "impact", Service: "product", Place: "organization country",
	Dates: "iso", Zone: "Europe/Brussels", Hours: office,
	// A sub-status decides only where it says more than the status: the ways
	// of being Completed (Resolved, Closed, In Call, Cancelled) are all one.
	Means: map[string]Meaning{
		"accepted": isOpen, "queued": isOpen, "unmatched": isOpen, "completed": isSolved,
		"wait - user": waits(flow.OnRequester), "wait - vendor": waits(flow.OnVendor), "wait - implementation": waits(flow.OnDate),
		"wait - customer": waits(flow.OnOther), "wait": waits(flow.OnOther),
	},
	Lines:   []LineRule{{"2nd", 20}, {"3rd", 30}},
	Impacts: map[string]string{"Major": "stopped", "High": "blocked", "Medium": "slowed", "Low": "question"},
	Closed: []string{"2010-04-05", "2010-05-13", "2010-05-24", "2010-07-21", "2010-11-01", "2010-11-11", "2011-04-25", "2011-06-02", "2011-06-13",
		"2011-07-21", "2011-08-15", "2011-11-01", "2011-11-11", "2012-04-09", "2012-05-01", "2012-05-17", "2012-05-28"},
}

// uci is the incident log of the UCI repository (data set 498), an event log
// out of ServiceNow's audit tables whose times have no zone.
var uci = Map{
	Preset: "uci", Number: "number",
	Case: "number", At: "sys_updated_at", Status: "incident_state", Team: "assignment_group", Person: "assigned_to",
	Impact: "impact", Priority: "priority", Kept: "made_sla", Reassigned: "reassignment_count", Reopened: "reopen_count",
	Opened: "opened_at", Solved: "resolved_at", ClosedAt: "closed_at", Place: "location", Service: "category", Requester: "caller_id",
	Dates: "d/m/y h:m", Missing: []string{"?"}, Hours: office, AsIs: true,
	Means: map[string]Meaning{
		"new": isOpen, "active": isOpen, "resolved": isSolved, "closed": isClosed, "-100": {},
		"awaiting user info": waits(flow.OnRequester), "awaiting vendor": waits(flow.OnVendor),
		"awaiting problem": waits(flow.OnOther), "awaiting evidence": waits(flow.OnOther),
	},
	Impacts: map[string]string{"1": "blocked", "2": "slowed", "3": "question", "1 - High": "blocked", "2 - Medium": "slowed", "3 - Low": "question"},
	Closed:  []string{"2016-05-30", "2016-07-04", "2016-09-05", "2016-11-24", "2016-11-25", "2016-12-26", "2017-01-02", "2017-01-16"},
}
