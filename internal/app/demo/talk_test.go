package demo

import (
	"fmt"
	"hash/fnv"
	"math/bits"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

var everyService = []string{"signin", "wifi", "chromebooks", "displays", "printing", "gradebook", "platform", "testing", "phones", "accounts", "licenses", "data", "training", "plan", "private"}

// somebody is an asker as the generator has them.
func somebody(d *dice) asker {
	a := asker{role: pick(d, []string{"teacher", "teacher", "staff", "student", "guardian"}), name: pick(d, givenNames) + " " + pick(d, familyNames), helper: pick(d, []string{"Sam", "Dana", "Priya"})}
	a.level = pick(d, []string{"elementary", "middle", "high"})
	a.place = map[string]string{"elementary": "Mill Pond", "middle": "Marsh", "high": "Juniper High"}[a.level]
	switch a.role {
	case "teacher":
		a.title = map[string]string{"elementary": pick(d, []string{"Kindergarten", "Grade 2", "Grade 5"}), "middle": pick(d, []string{"Grade 7 science", "Grade 6 English", "Librarian"}), "high": pick(d, []string{"Chemistry", "Grade 10 history"})}[a.level]
		a.room = pick(d, []string{"4", "112", "Lab C", "Library", "Gym", "Red room", ""})
	case "staff":
		a.title, a.room = "Office manager", "Front office"
		if d.chance(20) {
			a.level = "office"
		}
	}
	if d.chance(25) {
		a.lang = "es-US"
	}
	return a
}

// manyTalks are requests of everybody about everything in every season.
func manyTalks(n int) ([]asker, []string, []talk) {
	d, t := newDice(7, "talk test"), newTalks()
	day := time.Date(2026, time.September, 1, 7, 30, 0, 0, time.UTC)
	who, services, out := make([]asker, n), make([]string, n), make([]talk, n)
	for i := range n {
		who[i], services[i] = somebody(d), pick(d, everyService)
		switch {
		case i%100 == 0:
			services[i] = "outage"
			out[i] = t.outage(d, who[i], moment{"fall", time.Date(2026, time.October, 7, 8, 40, 0, 0, time.UTC)})
		case i%100 == 50:
			services[i] = "snow"
			out[i] = t.snow(d, who[i], moment{"winter", time.Date(2026, time.January, 20, 9, 20, 0, 0, time.UTC)})
		default:
			when := moment{pick(d, []string{"rush", "fall", "winter", "testing", "spring", "end", "summer"}), day.AddDate(0, 0, d.below(280)).Add(time.Duration(d.below(480)) * time.Minute)}
			out[i] = t.next(d, who[i], services[i], when)
		}
	}
	return who, services, out
}

func hashOf(list []talk) uint64 {
	h := fnv.New64a()
	for _, t := range list {
		fmt.Fprintf(h, "%+v\n", t)
	}
	return h.Sum64()
}

var (
	onlyEnglish = wordsOf("the and with you for this are have not please it my our your what when was")
	onlySpanish = wordsOf("el los las que con para por una del está muy gracias mi su cómo pero hoy ya se")
)

func wordsOf(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// spokenWords are the words of a text without what stands in quotes.
func spokenWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
}

func TestTalksAreAllDifferentAndWhole(t *testing.T) {
	const n = 60_000
	began := time.Now()
	who, services, list := manyTalks(n)
	t.Logf("%d talks in %v", n, time.Since(began))
	seen := map[string]bool{}
	var first, note, thanks int
	wait := map[string]int{}
	for i, x := range list {
		wrong := func(format string, args ...any) {
			t.Helper()
			t.Errorf("%s, %s %s %s: "+format+"\n%+v", append(append([]any{services[i], who[i].role, who[i].level, who[i].lang}, args...), x)...)
		}
		if seen[x.ask] {
			wrong("asked before")
		}
		seen[x.ask] = true
		title, _, _ := strings.Cut(x.ask, "\n")
		if l := utf8.RuneCountInString(title); l == 0 || l > mostTitle {
			wrong("a title of %d characters", l)
		}
		if l := utf8.RuneCountInString(x.ask); l > mostAsk {
			wrong("%d characters", l)
		}
		if x.solve == "" || x.tried == "" || x.again == "" || x.redo == "" || x.impact == "" {
			wrong("something is missing")
		}
		if x.waitOn != "" && x.wait == "" || (x.waitOn == "requester") != (x.answer != "") {
			wrong("a wait without words")
		}
		switch services[i] {
		case "plan":
			if x.class == "" || x.service != "" {
				wrong("a plan without a class")
			}
		case "private":
			if x.private == "" || x.service != "" {
				wrong("nothing private")
			}
		default:
			if x.service == "" || x.service == "outage" || x.service == "snow" {
				wrong("no service")
			}
		}
		if x.impact == "stopped" && who[i].role != "teacher" {
			wrong("stopped without a class")
		}
		public := strings.Join([]string{x.ask, x.first, x.wait, x.answer, x.solve, x.again, x.redo, x.thanks}, "\n")
		if all := public + x.note + x.tried + x.class; strings.ContainsAny(all, "{}[]|") || strings.Contains(all, "  ") {
			wrong("an open template")
		}
		foreign, text := onlySpanish, public+"\n"+x.note+"\n"+x.tried
		if who[i].lang == "es-US" {
			foreign, text = onlyEnglish, public
			for _, w := range spokenWords(x.note + " " + x.tried) {
				if onlySpanish[w] {
					wrong("a note with %q", w)
				}
			}
		}
		for _, w := range spokenWords(text) {
			if foreign[w] {
				wrong("the word %q", w)
			}
		}
		if t.Failed() && i > 3000 {
			t.FailNow() // enough to read
		}
		if services[i] != "plan" && services[i] != "private" {
			if x.first != "" {
				first++
			}
			if x.note != "" {
				note++
			}
		}
		if x.thanks != "" {
			thanks++
		}
		wait[x.waitOn]++
	}
	t.Logf("first %d %%, note %d %%, thanks %d %%, waits %v", first*100/n, note*100/n, thanks*100/n, wait)
}

func TestTheSameSeedSaysTheSame(t *testing.T) {
	_, _, one := manyTalks(5_000)
	_, _, two := manyTalks(5_000)
	if hashOf(one) != hashOf(two) {
		t.Error("the same seed says other words")
	}
	if n := bits.OnesCount64(hashOf(one) ^ hashOf(one[1:])); n == 0 {
		t.Error("the hash does not see the words")
	}
}

func TestEveryWordingHasItsSolution(t *testing.T) {
	for _, table := range []map[string][]situation{spoken, spokenSpanish} {
		for service, list := range table {
			for _, of := range list {
				for _, s := range of.says {
					if strings.Contains(s.who, "!") && strings.ContainsAny(s.who, "skg") {
						t.Errorf("%s, %q: only teachers have a class that is stopped", service, s.text)
					}
					for _, c := range s.who {
						if c >= '1' && c <= '9' && int(c-'0') > len(of.solve) {
							t.Errorf("%s, %q: no solution %c", service, s.text, c)
						}
					}
				}
				if len(of.solve) == 0 || len(of.says) == 0 {
					t.Errorf("%s: a situation without words", service)
				}
			}
		}
	}
}
