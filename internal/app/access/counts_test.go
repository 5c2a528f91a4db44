package access_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"trellis/internal/testkit"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/platform/db"
)

// A request that somebody may not see changes nothing that they are shown: no
// count, no list, no order, no page number, no notice. All of it is read
// before and after, byte for byte.
func TestNothingCountsWhatIsHidden(t *testing.T) {
	d := &desks{world: build(t, db.SQLite)}
	first := shapes[:6]
	adds := shapes
	if testkit.Brief() {
		first, adds = shapes[:2], []shape{shapes[0], shapes[4], shapes[9]}
	}
	d.all(first, []desk.State{desk.Open})
	seen := d.look(d.everybody(), asked(t, listsOf(d)))
	probes := 0
	for i, s := range adds {
		site := []string{"north", "south"}[i%2]
		o := d.object(s, site, []desk.State{desk.Open, desk.Waiting, desk.Solved}[i%3])
		now := d.look(seen.who, seen.doors)
		changed := 0
		for who := range seen.who {
			for door := range seen.doors {
				same := seen.text[who][door] == now.text[who][door]
				switch {
				case o.MaySee(seen.who[who]):
					if !same {
						changed++
					}
				case !same:
					t.Errorf("%s notices in %s that there is %s", seen.who[who].Name, seen.doors[door].Name, o.Name)
				default:
					probes++
				}
			}
		}
		if changed == 0 {
			t.Errorf("nobody at all notices %s: the test looks at nothing", o.Name)
		}
		seen = now
	}
	t.Logf("%d lists that stayed as they were", probes)
}

// looked is what several people were shown at several doors.
type looked struct {
	who   []*access.Identity
	doors []*access.Door
	text  [][]string
}

func (d *desks) look(who []*access.Identity, doors []*access.Door) looked {
	out := looked{who: who, doors: doors, text: make([][]string, len(who))}
	for i, w := range who {
		c := access.NewClient(w, d, address)
		for _, door := range doors {
			out.text[i] = append(out.text[i], door.All(c).Text())
		}
	}
	return out
}

// about makes doors to one object into doors to read.
func about(o *access.Object, doors []*access.Door) []*access.Door {
	var out []*access.Door
	for _, d := range doors {
		if d.One != nil && !d.Changes && (d.Needs == "" || o.ID[d.Needs] != "" || word(o, d.Needs) != "") {
			out = append(out, &access.Door{Name: d.Name, All: func(c *access.Client) access.Answer { return d.One(c, o) }})
		}
	}
	return out
}

// A note changes nothing for those who don't work on the request, whatever
// they look at: not its page, not its version or its place in a list, not
// when something was said last.
func TestANoteIsNotNoticed(t *testing.T) {
	d := &desks{world: build(t, db.SQLite)}
	o := d.object(shape{name: "with everybody on it", follower: "fay", beneficiary: "ben"}, "north", desk.Open)
	id, _ := desk.ParseTicketID(o.ID["ticket"])
	doors := slices.Concat(about(o, slices.Concat(pagesOf(), readsOf(), searchesOf())), listsOf(d))
	d.clock.Advance(3 * time.Hour)
	before := d.look(d.everybody(), doors)
	word := d.word()
	file := must[desk.File](t)(d.Desk.AddFile(d.as("tim"), word+".txt", strings.NewReader(word)))
	must[desk.Jotted](t)(d.Desk.AddNote(d.as("tim"), id, "Between us: "+word, []desk.FileID{file.ID}))
	after := d.look(before.who, doors)
	outside, inside := 0, 0
	for i, who := range before.who {
		for j, door := range doors {
			same := before.text[i][j] == after.text[i][j]
			works := of(who).desk && of(who).helpsAt("north") || slices.Contains(of(who).teams, "north")
			switch {
			case works && !same:
				inside++
			case !works && !same:
				t.Errorf("%s notices a note in %s: %s", who.Name, door.Name, access.Difference(after.text[i][j], before.text[i][j]))
			case !works:
				outside++
			}
		}
	}
	t.Logf("%d looks from outside that show nothing new, %d from inside that do", outside, inside)
	if inside == 0 {
		t.Error("nobody who works on it notices either: the test looks at nothing")
	}
}
