package access

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Object is something that not everybody may see.
type Object struct {
	Name  string            // for people: "a waiting private ticket at North"
	ID    map[string]string // what doors need to ask about it: "ticket", "file", …
	Words []Word
	// MaySee is the rule, said in plain Go.
	MaySee func(*Identity) bool
}

// Word is a word that stands nowhere in the district but in one place of one
// object. Make it with Canary.
type Word struct {
	Text string
	Kind string // where it stands: "title", "note", …
	// MayRead is nil where whoever sees the object reads it.
	MayRead func(*Identity) bool
}

// word is the object's word of a kind, "" if it has none.
func (o *Object) word(kind string) string {
	for _, w := range o.Words {
		if w.Kind == kind {
			return w.Text
		}
	}
	return ""
}

// Door is one way to ask about objects.
type Door struct {
	Name string
	// One asks about one object. Whoever may not see it must read the same as
	// about an object that does not exist. It must not follow redirects.
	One func(c *Client, o *Object) Answer
	// All asks for a list, to its end. No word may stand in it that its reader
	// may not read. One or All is set.
	All func(c *Client) Answer
	// May is a rule of this door's own, nil for the object's.
	May func(*Identity, *Object) bool
	// Changes keeps a door from being asked by those who may: their commands
	// would be carried out.
	Changes bool
	// Needs leaves out objects without that ID or word.
	Needs string
	// Shows are the kinds of words that somebody must find in the answer, of
	// those that they may read: what shows nothing to anybody hides nothing.
	// nil is none.
	Shows func(who *Identity, o *Object) []string
	// Knows are kinds of words that the question itself contains.
	Knows []string
}

// Canary is the n-th of many words that no language has, that no stemmer
// shortens and of which none begins another.
func Canary(n int) string {
	const letters = "bcfhjkmpqvwxz"
	b := []byte("qx........qx")
	for i := 9; i >= 2; i-- {
		b[i] = letters[n%len(letters)]
		n /= len(letters)
	}
	return string(b)
}

var canary = regexp.MustCompile(`(?i)qx[bcfhjkmpqvwxz]{8}qx`)

// Prober asks every door about every object as every identity.
type Prober struct {
	Handler    http.Handler
	Base       string
	Identities []*Identity
	Objects    []*Object
	Doors      []*Door
	Ghost      *Object // does not exist; has every ID and word that doors ask by
	// Skip leaves out part of the table, for a quick run.
	Skip func(who *Identity, d *Door, o *Object) bool
	// At once, how many identities ask; 0 is one.
	Parallel int
}

// Report says what a run asked and found.
type Report struct {
	Probes   int // an object, a door and an identity
	Requests int
	Leaks    []Leak
}

// Leak is one answer that says more, or less, than it should.
type Leak struct {
	Who, Door, About string
	What             string // "shows the title", …
	Detail           string
}

// Summary has a line for each door and what is wrong with it.
func (r Report) Summary() []string {
	var out []string
	first, n := map[[2]string]Leak{}, map[[2]string]int{}
	for _, l := range r.Leaks {
		k := [2]string{l.Door, l.What}
		if n[k]++; n[k] == 1 {
			first[k] = l
		}
	}
	for k, l := range first {
		out = append(out, fmt.Sprintf("%s: %s, %d times, for example %s about %s: %s", l.Door, l.What, n[k], l.Who, l.About, l.Detail))
	}
	slices.Sort(out)
	return out
}

// Run fills the table.
func (p *Prober) Run() Report {
	read := make(map[string]reader)
	for _, o := range p.Objects {
		for _, w := range o.Words {
			if _, twice := read[w.Text]; twice {
				panic(w.Text + " stands in two places")
			}
			read[w.Text] = reader{o, w}
		}
	}
	var mu sync.Mutex
	var total Report
	var wg sync.WaitGroup
	work := make(chan *Identity)
	for range max(1, p.Parallel) {
		wg.Go(func() {
			for who := range work {
				t := table{Prober: p, read: read, c: NewClient(who, p.Handler, p.Base)}
				for _, d := range p.Doors {
					t.door(d)
				}
				mu.Lock()
				total.Probes += t.Probes
				total.Requests += int(t.c.calls)
				total.Leaks = append(total.Leaks, t.Leaks...)
				mu.Unlock()
			}
		})
	}
	for _, who := range p.Identities {
		work <- who
	}
	close(work)
	wg.Wait()
	slices.SortFunc(total.Leaks, func(a, b Leak) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return total
}

// reader is where a word stands.
type reader struct {
	o *Object
	w Word
}

func (r reader) mayRead(who *Identity) bool {
	return r.o.MaySee(who) && (r.w.MayRead == nil || r.w.MayRead(who))
}

// table is the part of one identity.
type table struct {
	*Prober
	Report
	read map[string]reader
	c    *Client
}

func (t *table) leak(d *Door, o *Object, what, detail string) {
	t.Leaks = append(t.Leaks, Leak{Who: t.c.Who.Name, Door: d.Name, About: o.Name, What: what, Detail: detail})
}

func (t *table) door(d *Door) {
	if d.All != nil {
		t.list(d)
		return
	}
	nothing := "" // what is answered about what does not exist, once asked for
	for _, o := range t.Objects {
		if d.Needs != "" && o.ID[d.Needs] == "" && o.word(d.Needs) == "" || t.Skip != nil && t.Skip(t.c.Who, d, o) {
			continue
		}
		sees := o.MaySee(t.c.Who)
		if d.May != nil {
			sees = d.May(t.c.Who, o)
		}
		if sees && d.Changes {
			continue
		}
		t.Probes++
		a := d.One(t.c, o)
		t.words(d, o, a)
		if sees {
			t.shown(d, o, a)
			continue
		}
		if nothing == "" {
			nothing = d.One(t.c, t.Ghost).Text()
		}
		if got := a.Text(); got != nothing {
			t.leak(d, o, "answers differently from what does not exist", Difference(got, nothing))
		}
	}
}

// list counts a probe for each object that could have stood in the list.
func (t *table) list(d *Door) {
	a := d.All(t.c)
	t.words(d, nil, a)
	for _, o := range t.Objects {
		if d.Needs != "" && o.ID[d.Needs] == "" && o.word(d.Needs) == "" {
			continue
		}
		t.Probes++
		if o.MaySee(t.c.Who) {
			t.shown(d, o, a)
		}
	}
}

// words looks for words that their reader may not read.
func (t *table) words(d *Door, about *Object, a Answer) {
	text := whole(a)
	said := map[string]bool{}
	for _, found := range canary.FindAllString(text, -1) {
		found = strings.ToLower(found)
		r, ok := t.read[found]
		if !ok || said[found] || r.mayRead(t.c.Who) || r.o == about && slices.Contains(d.Knows, r.w.Kind) {
			continue
		}
		said[found] = true
		t.leak(d, r.o, "shows the "+r.w.Kind, fmt.Sprint("status ", a.Status))
	}
}

// whole is the body and the headers of an answer.
func whole(a Answer) string {
	var b strings.Builder
	b.WriteString(a.Body)
	for k, v := range a.Header {
		b.WriteString("\n" + k + ": " + strings.Join(v, ", "))
	}
	return b.String()
}

// shown is the other half: who may read does.
func (t *table) shown(d *Door, o *Object, a Answer) {
	if d.Shows == nil {
		return
	}
	kinds := d.Shows(t.c.Who, o)
	text := ""
	if len(kinds) > 0 {
		text = strings.ToLower(whole(a))
	}
	for _, w := range o.Words {
		if slices.Contains(kinds, w.Kind) && (reader{o, w}).mayRead(t.c.Who) && !strings.Contains(text, w.Text) {
			t.leak(d, o, "hides the "+w.Kind+" from who may read it", fmt.Sprint("status ", a.Status))
		}
	}
}

// Difference is the first place where two texts part.
func Difference(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	cut := func(s string) string {
		return strings.Join(strings.Fields(s[max(0, i-80):min(len(s), i+120)]), " ")
	}
	return fmt.Sprintf("%q, not %q", cut(got), cut(want))
}

// Canaries are the words of Canary that an answer holds beyond the question.
func Canaries(a Answer) []string {
	var out []string
	for _, w := range canary.FindAllString(a.unasked(whole(a)), -1) {
		out = append(out, strings.ToLower(w))
	}
	return out
}
