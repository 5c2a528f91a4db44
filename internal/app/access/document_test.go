package access_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"testing"

	"trellis/internal/app/access"
	"trellis/internal/platform/db"
)

// What the API promises to those who call it. api.golden.txt says it in a
// line for each operation and each shape, to be reviewed; the document itself,
// as it is served, stands beside it.
func TestDocument(t *testing.T) {
	w := build(t, db.SQLite)
	a := access.NewClient(nobody(), w.District, address).Get("/api/v1/openapi.json")
	if a.Status != 200 {
		t.Fatal(a.Status, a.Body)
	}
	var doc document
	if err := json.Unmarshal([]byte(a.Body), &doc); err != nil {
		t.Fatal(err)
	}
	for _, r := range w.Web.Routes() {
		if r.Operation == "" || r.Operation == "openapi" {
			continue
		}
		if op := doc.Paths[strings.TrimPrefix(r.Path, "/api/v1")][strings.ToLower(r.Method)]; op.ID != r.Operation {
			t.Errorf("%s stands in the document as %q", r.Pattern(), op.ID)
		}
	}
	golden(t, "api.golden.txt", doc.summary())
	golden(t, "openapi.golden.json", a.Body)
}

// document is what a summary of an OpenAPI document needs.
type document struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

type operation struct {
	ID         string `json:"operationId"`
	Scope      string `json:"x-token-scope"`
	Parameters []struct {
		Name, In string
		Required bool
		Schema   schema
	}
	RequestBody struct {
		Required bool
		Content  content
	}
	Responses map[string]struct{ Content content }
}

type content map[string]struct{ Schema schema }

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Format     string
	Items      *schema
	Enum       []any
	Required   []string
	Properties map[string]schema
	Min        *float64 `json:"minimum"`
	Max        *float64 `json:"maximum"`
	MaxLength  *int
	MaxItems   *int
}

const documentPreface = `What the API takes and answers. A line for each operation: its address, its id,
what it takes (! is required, [] may be left out), what it answers, and the
scope that a token needs. Then a line for each shape that is sent or answered.
Made by: go test ./internal/app/access -run TestDocument -update

`

func (d document) summary() string {
	var b strings.Builder
	b.WriteString(documentPreface)
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			op := d.Paths[path][method]
			fmt.Fprintf(&b, "%s %s — %s%s -> %s (%s)\n", strings.ToUpper(method), path, op.ID, op.takes(), op.answers(), op.scope())
		}
	}
	b.WriteString("\n")
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		fmt.Fprintf(&b, "%s: %s\n", name, d.Components.Schemas[name])
	}
	return b.String()
}

func (o operation) scope() string {
	if o.Scope == "" {
		return "never by token"
	}
	return o.Scope
}

func (o operation) takes() string {
	var out []string
	for _, p := range o.Parameters {
		if p.Name != "Idempotency-Key" { // every mutation takes it
			out = append(out, required(fmt.Sprintf("%s in %s: %s", p.Name, p.In, p.Schema), p.Required))
		}
	}
	sort.Strings(out)
	for _, media := range slices.Sorted(maps.Keys(o.RequestBody.Content)) {
		out = append(out, required("body: "+carried(media, o.RequestBody.Content[media].Schema), o.RequestBody.Required))
	}
	if len(out) == 0 {
		return ""
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// answers are what comes of success, and the statuses of what may go wrong.
func (o operation) answers() string {
	var good, bad []string
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if status >= "400" {
			bad = append(bad, status)
			continue
		}
		for media, c := range o.Responses[status].Content {
			status += " " + carried(media, c.Schema)
		}
		good = append(good, status)
	}
	return strings.Join(good, ", ") + "; else " + strings.Join(bad, " ")
}

func carried(media string, s schema) string {
	if media == "application/json" {
		return s.String()
	}
	return media
}

func required(what string, is bool) string {
	if is {
		return what + "!"
	}
	return "[" + what + "]"
}

// String is a shape in one line.
func (s schema) String() string {
	if s.Ref != "" {
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	}
	if len(s.Properties) > 0 {
		var out []string
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if name != "$schema" {
				out = append(out, required(name+" "+s.Properties[name].String(), slices.Contains(s.Required, name)))
			}
		}
		return "{" + strings.Join(out, ", ") + "}"
	}
	out := fmt.Sprint(s.Type)
	switch {
	case s.Items != nil:
		out = "list of " + s.Items.String()
	case len(s.Enum) > 0:
		var all []string
		for _, e := range s.Enum {
			all = append(all, fmt.Sprint(e))
		}
		out = strings.Join(all, "|")
	case s.Format != "":
		out += " " + s.Format
	}
	for _, bound := range []struct {
		sign string
		at   any
		set  bool
	}{
		{">=", deref(s.Min), s.Min != nil}, {"<=", deref(s.Max), s.Max != nil},
		{"up to", deref(s.MaxLength), s.MaxLength != nil}, {"up to", deref(s.MaxItems), s.MaxItems != nil},
	} {
		if bound.set {
			out += fmt.Sprintf(" %s %v", bound.sign, bound.at)
		}
	}
	return out
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
