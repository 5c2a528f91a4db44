package demo

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"trellis/internal/district"
	"trellis/internal/platform/policy"
)

// resident is one of the many who have no story of their own and ask for help
// now and then.
type resident struct {
	asker
	id    district.PersonID
	site  string // key of the place
	room  district.RoomID
	actor policy.Actor
}

// folk are the residents of a place by what they do there.
type folk map[string][]*resident // teacher, staff, student, guardian

// groupSize is how many people or requests share one commit.
const groupSize = 500

// census fills the places with people: students as many as are enrolled,
// teachers and staff for them, and those parents who have an account.
func (b *builder) census(ctx context.Context, o Options) error {
	c := counter{builder: b, dice: newDice(b.seed, "people"), taken: map[string]int{}}
	var plans []newcomer
	for _, p := range places {
		plans = append(plans, c.place(p, o)...)
	}
	for len(plans) > 0 {
		n := min(groupSize, len(plans))
		err := b.db.Together(ctx, "people of the example", func(ctx context.Context) error {
			for _, p := range plans[:n] {
				if err := c.settle(ctx, p); err != nil {
					return fmt.Errorf("%s: %w", p.name, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		plans = plans[n:]
	}
	return nil
}

// someHelper stands in a talk for whoever will answer, until that is known.
const someHelper = "\x01"

// part is how many of so many there are in this example.
func (o Options) part(n int) int { return n * o.Scale / max(o.Thin, 1) }

// newcomer is somebody on the way to becoming a resident.
type newcomer struct {
	asker
	site, email, roomName string
}

type counter struct {
	*builder
	dice  *dice
	taken map[string]int // e-mail addresses
}

// place says who is at a place.
func (c *counter) place(p place, o Options) (out []newcomer) {
	students := o.part(p.enrollment)
	room := 0
	for i := range (students + 14) / 15 {
		n := c.somebody(p, "teacher", "")
		n.title = subjects[p.level][(i+c.dice.below(3))%len(subjects[p.level])]
		if room++; room <= 60*o.Scale {
			n.roomName = roomNumber(p, room)
		}
		out = append(out, n)
	}
	for i := range students/40 + o.part(4) + 1 {
		n := c.somebody(p, "staff", "")
		n.title = duties[p.level][i%len(duties[p.level])]
		out = append(out, n)
	}
	for i := range students {
		n := c.somebody(p, "student", "")
		n.title = gradeName(p.level, i) + " student"
		out = append(out, n)
	}
	for range (students + 10) / 11 {
		lang := ""
		if c.dice.chance(45) {
			lang = "es-US"
		}
		n := c.somebody(p, "guardian", lang)
		n.title = "Parent"
		out = append(out, n)
	}
	return out
}

func (c *counter) somebody(p place, role, lang string) newcomer {
	first, last := pick(c.dice, firstNames), pick(c.dice, lastNames)
	if lang != "" {
		first, last = pick(c.dice, spanishFirst), pick(c.dice, spanishLast)
	}
	n := newcomer{asker: asker{role: role, name: first + " " + last, level: p.level, place: p.short, lang: lang, helper: someHelper}, site: p.key}
	local := plain(first) + "." + plain(last)
	if c.taken[local]++; c.taken[local] > 1 {
		local += fmt.Sprint(c.taken[local])
	}
	n.email = email(local)
	if role == "student" {
		n.email = strings.Replace(n.email, "@", "@students.", 1)
	}
	return n
}

// gradeName is the grade of the i-th student of a school.
func gradeName(level string, i int) string {
	switch grades := map[string][2]int{"elementary": {0, 5}, "middle": {6, 8}, "high": {9, 12}}[level]; {
	case grades[0]+i%(grades[1]-grades[0]+1) == 0:
		return "Kindergarten"
	default:
		return fmt.Sprintf("Grade %d", grades[0]+i%(grades[1]-grades[0]+1))
	}
}

// roomNumber names rooms so that no story has one of the same name.
func roomNumber(p place, n int) string {
	if p.level == "elementary" {
		return fmt.Sprint(10 + n)
	}
	return fmt.Sprint(300 + n)
}

// plain is a name in the letters of an address.
func plain(s string) string {
	out, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), strings.ToLower(s))
	if err != nil {
		return strings.ToLower(s)
	}
	return strings.NewReplacer(" ", "", "'", "", "-", "").Replace(out)
}

// settle makes a newcomer's room and account.
func (c *counter) settle(ctx context.Context, n newcomer) (err error) {
	ctx = system(ctx)
	site := c.sites[n.site]
	r := &resident{asker: n.asker, site: n.site}
	if n.roomName != "" {
		if r.room, err = c.d.CreateRoom(ctx, district.CreateRoom{Site: site, Name: n.roomName}); err != nil {
			return err
		}
		r.asker.room = n.roomName
	}
	lang := n.lang
	if lang == "" {
		lang = "en-US"
	}
	r.id, err = c.d.CreatePerson(ctx, district.CreatePerson{Name: n.name, Email: n.email, Title: n.title, Lang: lang, Site: site, Room: r.room,
		Grants: []district.Grant{{Role: n.role, Site: site}}})
	r.actor = policy.Actor{Kind: policy.Person, Person: int64(r.id), Door: policy.DoorWeb, Grants: []policy.Grant{{Role: n.role, Scope: int64(site)}}}
	if c.folk[n.site] == nil {
		c.folk[n.site] = folk{}
	}
	c.folk[n.site][n.role] = append(c.folk[n.site][n.role], r)
	return err
}
