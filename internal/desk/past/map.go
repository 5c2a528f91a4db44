package past

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// Map says which column of a file means what. A column is named as in the
// file's header; "" where the file has none. Capitals, spaces and punctuation
// of a name don't matter as long as one column fits.
type Map struct {
	Preset string `json:"preset,omitempty"` // what it was made from; "" a guess

	Case       string `json:"case,omitempty"`       // the request's number there; none: every row is a request
	At         string `json:"at,omitempty"`         // when the row was so; none: the last of the times below
	Status     string `json:"status,omitempty"`     // in the old desk's words
	Sub        string `json:"sub,omitempty"`        // closer; decides before Status
	Team       string `json:"team,omitempty"`       // who had it
	Person     string `json:"person,omitempty"`     // likewise
	Impact     string `json:"impact,omitempty"`     // in the old desk's words
	Priority   string `json:"priority,omitempty"`   // likewise
	Kept       string `json:"kept,omitempty"`       // whether its promise was kept: yes or no
	Reassigned string `json:"reassigned,omitempty"` // the old desk's own count
	Reopened   string `json:"reopened,omitempty"`   // likewise
	Opened     string `json:"opened,omitempty"`     // times of the whole request
	First      string `json:"first,omitempty"`      // its first answer
	Solved     string `json:"solved,omitempty"`
	ClosedAt   string `json:"closed_at,omitempty"`
	Place      string `json:"place,omitempty"`
	Service    string `json:"service,omitempty"`
	Title      string `json:"title,omitempty"`
	Body       string `json:"body,omitempty"`
	Requester  string `json:"requester,omitempty"`
	Owner      string `json:"owner,omitempty"` // none: the last Person
	// FirstMinutes has the first answer as minutes from Opened, for exports
	// that give no time of it.
	FirstMinutes string `json:"first_minutes,omitempty"`

	Means   map[string]Meaning `json:"means,omitempty"`   // by status or sub, folded (district.Fold)
	Lines   []LineRule         `json:"lines,omitempty"`   // several that fit: their mean; none: 10, and 0 where there are no rules
	Dates   string             `json:"dates,omitempty"`   // see Forms; "": found out from each column
	Missing []string           `json:"missing,omitempty"` // values that mean nothing, such as "?"
	When    string             `json:"when,omitempty"`    // for files without any time: the date of all rows, or ""

	Zone    string            `json:"zone,omitempty"`    // of times without an offset; "" floats: stored as if UTC
	Hours   string            `json:"hours,omitempty"`   // "Mon-Fri 08:00-17:00"
	Closed  []string          `json:"closed,omitempty"`  // dates without hours
	Impacts map[string]string `json:"impacts,omitempty"` // label of an impact: stopped, blocked, slowed or question
	AsIs    bool              `json:"as_is,omitempty"`   // a request that ends before it begins is taken as it stands, its spans unknown; else it is a problem
	Number  string            `json:"number,omitempty"`  // "case" or "number": name of the first column when exported
}

// Meaning is what a status of the old desk means here. State "": nothing
// changes by it.
type Meaning struct {
	State flow.State `json:"state,omitempty"`
	Wait  flow.Wait  `json:"wait,omitempty"` // with Waiting alone
}

// LineRule says on which line the teams stand whose name contains a text.
type LineRule struct {
	Contains string    `json:"contains"` // capitals don't matter
	Line     flow.Line `json:"line"`     // tenths: 10, 20, 25, 30
}

// The fields of a map, in the order in which a row's cells stand.
const (
	fCase = iota
	fAt
	fStatus
	fSub
	fTeam
	fPerson
	fImpact
	fPriority
	fKept
	fReassigned
	fReopened
	fOpened
	fFirst
	fSolved
	fClosedAt
	fPlace
	fService
	fTitle
	fBody
	fRequester
	fOwner
	fFirstMinutes
	fields
)

// fieldNames are the fields' names in JSON and in forms.
var fieldNames = [fields]string{"case", "at", "status", "sub", "team", "person", "impact", "priority", "kept", "reassigned", "reopened",
	"opened", "first", "solved", "closed_at", "place", "service", "title", "body", "requester", "owner", "first_minutes"}

// column is where the map keeps the name of a field's column.
func (m *Map) column(f int) *string {
	return [fields]*string{&m.Case, &m.At, &m.Status, &m.Sub, &m.Team, &m.Person, &m.Impact, &m.Priority, &m.Kept, &m.Reassigned, &m.Reopened,
		&m.Opened, &m.First, &m.Solved, &m.ClosedAt, &m.Place, &m.Service, &m.Title, &m.Body, &m.Requester, &m.Owner, &m.FirstMinutes}[f]
}

// Columns lists the fields of a map that name a column, in the order in which
// a form shows them.
func Columns() []string { return slices.Clone(fieldNames[:]) }

// Column is the name of the column that a field has, and Set gives it one.
// The field must be one of Columns.
func (m Map) Column(field string) string { return *m.column(slices.Index(fieldNames[:], field)) }

// Set gives a field of Columns its column; "" for none.
func (m *Map) Set(field, column string) { *m.column(slices.Index(fieldNames[:], field)) = column }

// JSON is the map as ParseMap reads it, the same for equal maps.
func (m Map) JSON() []byte {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings, numbers and maps of strings: it can't fail
	}
	return b
}

var unknownKey = regexp.MustCompile(`unknown field "(.*)"`)

// ParseMap reads a map and checks everything that needs no file. The error is
// Invalid and names each field; a key that no map has is refused by its name.
func ParseMap(b []byte) (Map, error) {
	var m Map
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(&m)
	if err == nil && d.More() {
		err = errors.New("more than one value")
	}
	if err == nil {
		m.Means = foldKeys(m.Means)
		return m, m.Valid()
	}
	var c errs.Check
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch hit := unknownKey.FindStringSubmatch(err.Error()); {
	case hit != nil:
		c.Fail(hit[1], "past.map.unknown", "Name", hit[1])
	case errors.As(err, &kind):
		c.Fail(kind.Field, "past.map.kind", "Name", kind.Field)
	case errors.As(err, &syntax):
		c.Fail("map", "past.map.json", "At", syntax.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		c.Fail("map", "past.map.json", "At", len(b))
	default:
		c.Fail("map", "past.map.json", "At", d.InputOffset())
	}
	return Map{}, c.Err()
}

func foldKeys(means map[string]Meaning) map[string]Meaning {
	if means == nil {
		return nil
	}
	out := make(map[string]Meaning, len(means))
	for k, v := range means {
		out[district.Fold(k)] = v
	}
	return out
}

// Valid checks what needs no file: times, hours, meanings.
func (m Map) Valid() error {
	var c errs.Check
	m.valid(&c)
	return c.Err()
}

func (m Map) valid(c *errs.Check) {
	if m.Preset != "" {
		if _, ok := presets[m.Preset]; !ok {
			c.Fail("preset", "past.map.preset", "Name", m.Preset, "Known", strings.Join(Presets(), ", "))
		}
	}
	if m.Case == "" && m.At == "" && m.Opened == "" && m.Title == "" {
		c.Fail("case", "past.map.empty")
	}
	if m.FirstMinutes != "" && m.Opened == "" {
		c.Fail("first_minutes", "past.map.minutes")
	}
	for _, k := range sorted(m.Means) {
		switch v := m.Means[k]; {
		case !slices.Contains([]flow.State{"", flow.Open, flow.Waiting, flow.Solved, flow.Closed}, v.State),
			v.State == flow.Waiting && !slices.Contains([]flow.Wait{flow.OnRequester, flow.OnVendor, flow.OnPart, flow.OnDate, flow.OnOther}, v.Wait),
			v.State != flow.Waiting && v.Wait != "":
			c.Fail("means", "past.map.means", "Name", k)
		}
	}
	for _, l := range m.Lines {
		if strings.TrimSpace(l.Contains) == "" || l.Line < 10 || l.Line > 30 {
			c.Fail("lines", "past.map.lines")
		}
	}
	if _, ok := formOf(m.Dates); m.Dates != "" && !ok {
		c.Fail("dates", "past.map.dates", "Name", m.Dates, "Known", strings.Join(Forms(), ", "))
	}
	if m.When != "" {
		if d, err := worktime.ParseDate(m.When); err != nil || !d.Valid() {
			c.Fail("when", "past.map.date", "Name", m.When)
		}
	}
	if m.Zone != "" {
		if _, err := zoned(m.Zone); err != nil {
			c.Fail("zone", "past.map.zone", "Name", m.Zone)
		}
	}
	if m.Hours != "" {
		if _, err := worktime.ParseHours(m.Hours); err != nil {
			c.Fail("hours", "past.map.hours", "Name", m.Hours)
		}
	}
	for _, s := range m.Closed {
		if d, err := worktime.ParseDate(s); err != nil || !d.Valid() {
			c.Fail("closed", "past.map.date", "Name", s)
		}
	}
	for _, k := range sorted(m.Impacts) {
		if !slices.Contains([]string{"stopped", "blocked", "slowed", "question"}, m.Impacts[k]) {
			c.Fail("impacts", "past.map.impacts", "Name", k)
		}
	}
	if m.Number != "" && m.Number != "case" && m.Number != "number" {
		c.Fail("number", "past.map.number")
	}
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
