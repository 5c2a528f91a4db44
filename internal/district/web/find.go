package web

import (
	"context"
	"slices"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/web"
)

// People are named in forms by what others call them: a name or an e-mail
// address. That works without script, with any number of people, and a screen
// reader; when a name fits several, the answer says how to tell them apart.

// label is how a person stands in a form's field: so that reading it back
// finds exactly them.
func label(name, email string) string {
	if email == "" {
		return name
	}
	return name + " (" + email + ")"
}

// maxSame is how many people of one name a correction lists.
const maxSame = 5

// findPerson finds whom a field names; what is wrong is noted at the field.
// known is the person whom the field named when it was drawn, under that
// label: they are found again even if they have no address or have left.
func (p *pages) findPerson(ctx context.Context, form *web.Form, field, typed string, known district.PersonID, knownLabel string) (district.PersonID, error) {
	typed = strings.TrimSpace(typed)
	switch {
	case typed == "":
		return 0, nil
	case known != 0 && typed == knownLabel:
		return known, nil
	}
	name, email := typed, ""
	if i := strings.LastIndex(typed, "("); i > 0 && strings.HasSuffix(typed, ")") {
		name, email = strings.TrimSpace(typed[:i]), strings.TrimSpace(typed[i+1:len(typed)-1])
	}
	if email == "" && strings.Contains(typed, "@") {
		email = typed
	}
	query := name
	if email != "" {
		query = email
	}
	found, err := p.d.FindPeople(ctx, query, 50)
	if err != nil {
		return 0, err
	}
	exact := slices.DeleteFunc(slices.Clone(found), func(f district.Found) bool {
		if email != "" {
			return !strings.EqualFold(f.Email, email)
		}
		return district.Fold(f.Name) != district.Fold(name)
	})
	if len(exact) > 0 {
		found = exact
	}
	switch len(found) {
	case 0:
		form.Fail(field, "settings.find.nobody", "Name", typed)
	case 1:
		return found[0].ID, nil
	default:
		var labels []string
		for _, f := range found[:min(len(found), maxSame)] {
			labels = append(labels, label(f.Name, f.Email))
		}
		if len(found) > maxSame {
			labels = append(labels, "…")
		}
		form.Fail(field, "settings.find.several", "Name", typed, "People", join(labels))
	}
	return 0, nil
}

// members is a list of people in a form: those there are, each with a box that
// keeps them, and a field for more, one a line.
type members struct {
	people []member
	add    string
	suffix string // of the fields' names, where a page has several lists
}

type member struct {
	id   district.PersonID
	name string
	keep bool
}

func (p *pages) membersOf(ctx context.Context, ids []district.PersonID) (members, error) {
	var m members
	for _, id := range ids {
		who, err := p.d.Person(ctx, id)
		if err != nil {
			return m, err
		}
		m.people = append(m.people, member{id, label(who.Name, who.Email), true})
	}
	return m, nil
}

// readMembers is the list as it was sent.
func readMembers(form *web.Form, suffix string) members {
	m := members{add: form.Text("add" + suffix), suffix: suffix}
	for _, id := range form.IDs("member" + suffix) {
		m.people = append(m.people, member{id: district.PersonID(id), keep: true})
	}
	return m
}

// typed puts what was sent into the list as it is now.
func (m members) typed(sent members) members {
	m.people = slices.Clone(m.people)
	for i := range m.people {
		m.people[i].keep = slices.ContainsFunc(sent.people, func(s member) bool { return s.id == m.people[i].id })
	}
	m.add = sent.add
	return m
}

// maxAdd bounds the lines of one form; each is looked up.
const maxAdd = 100

// findMembers is whom the sent list names.
func (p *pages) findMembers(ctx context.Context, form *web.Form, sent members) ([]district.PersonID, error) {
	var out []district.PersonID
	for _, m := range sent.people {
		out = append(out, m.id)
	}
	lines := splitLines(sent.add)
	if len(lines) > maxAdd {
		form.Fail("add"+sent.suffix, "field.too_many", "Max", maxAdd)
		return out, nil
	}
	for _, l := range lines {
		id, err := p.findPerson(ctx, form, "add"+sent.suffix, l, 0, "")
		if err != nil {
			return nil, err
		}
		if id != 0 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// splitLines are the lines that say something.
func splitLines(s string) []string {
	return slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}
