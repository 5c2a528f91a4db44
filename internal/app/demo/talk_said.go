package demo

import (
	"strings"
	"time"
	"unicode/utf8"
)

// talks makes what people say and remembers it, so that no two requests of the
// example have the same words.
type talks struct {
	heard   map[string]bool
	choices map[string][]choice
}

func newTalks() *talks {
	return &talks{heard: map[string]bool{}, choices: map[string][]choice{}}
}

// moment is when somebody asks. The season is one of rush, fall, winter,
// testing, spring, end, summer; the instant is in the zone of the school.
type moment struct {
	season string
	at     time.Time
}

// situation is one thing that happens to people, with all that is said about
// it. Texts are templates, see words.
type situation struct {
	when    string // seasons in which it happens, "" is always
	service string // if another than the one that is asked for
	private string // what kind of private it is
	says    []says
	first   []string
	note    []string
	tried   []string
	qa      []pair // a question to whoever asked, and the answer
	part    []pair // what is said while a part is awaited, and the solution then
	vendor  []pair // the same for a vendor
	solve   []string
	redo    []pair // what comes back, and the second solution
	thanks  []string
}

// says is one way to ask. In who, lower case letters are those who talk like
// this (t teacher, s staff, k student, g guardian), capitals limit the level
// (E, M, H, O), and a sign is the impact (! stopped, # blocked, ~ slowed,
// ? question). Digits are the solutions that answer it, counted from 1; none
// is all of them. Then x says that no part is awaited, z no vendor, and y and q
// that the situation's first reply or question does not fit. The first line of
// the text is the title; a line that begins with "?" is left out half of the
// time.
type says struct{ who, text string }

type pair struct{ one, two string }

// young is whether the words for children are others than those for adults.
func (w *words) young() bool { return w.spanish && w.who.role == "student" }

// answer is one of the solutions that fit these words.
func (s says) answer(d *dice, solve []string) string {
	var fit [10]string
	n := 0
	for _, c := range s.who {
		if c >= '1' && c <= '9' {
			fit[n] = solve[c-'1']
			n++
		}
	}
	if n == 0 {
		return pick(d, solve)
	}
	return fit[d.below(n)]
}

// choice is a situation with the wordings that fit one kind of asker.
type choice struct {
	of   *situation
	says []says
}

// mostTitle and mostAsk are the lengths that requests keep to, in characters.
const (
	mostTitle = 80
	mostAsk   = 600
)

// next is a request about a service, about a plan or about something private,
// and all that may be said about it later.
func (t *talks) next(d *dice, who asker, service string, when moment) talk {
	from := t.fitting(who, service, when.season)
	return t.draw(d, who, service, when, from)
}

// outage is one of many reports of the same: the sign-in page goes in circles.
func (t *talks) outage(d *dice, who asker, when moment) talk {
	return t.draw(d, who, "outage", when, t.fitting(who, "outage", ""))
}

// snow is a request of the days around a snow day, when everybody is at home.
func (t *talks) snow(d *dice, who asker, when moment) talk {
	return t.draw(d, who, "snow", when, t.fitting(who, "snow", ""))
}

// fitting are the situations in which somebody like this asks.
func (t *talks) fitting(who asker, service, season string) []choice {
	key := service + " " + who.role + " " + who.level + " " + season + " " + who.lang
	if c, ok := t.choices[key]; ok {
		return c
	}
	tables := spoken
	if who.lang == "es-US" {
		tables = spokenSpanish
	}
	role, level := who.role, who.level
	if service == "plan" { // whoever plans, plans as a teacher of some class
		role = "teacher"
		if level == "office" {
			level = "middle"
		}
	}
	var out []choice
	for _, service := range []string{service, "anything"} {
		list := tables[service]
		for i := range list {
			c := choice{of: &list[i]}
			for _, s := range list[i].says {
				if talksLike(s.who, role, level) {
					c.says = append(c.says, s)
				}
			}
			if len(c.says) == 0 || list[i].when != "" && season != "" && !strings.Contains(list[i].when, season) {
				continue
			}
			out = append(out, c)
			if list[i].when != "" { // what belongs to the season is frequent in it
				out = append(out, c, c)
			}
		}
		if len(out) > 0 {
			break
		}
	}
	t.choices[key] = out
	return out
}

var roleLetter = map[string]string{"teacher": "t", "staff": "s", "student": "k", "guardian": "g"}

var levelLetter = map[string]string{"elementary": "E", "middle": "M", "high": "H", "office": "O"}

func talksLike(who, role, level string) bool {
	letter, ok := roleLetter[role]
	if !ok {
		letter = "s"
	}
	if !strings.Contains(who, letter) {
		return false
	}
	return !strings.ContainsAny(who, "EMHO") || level != "" && strings.Contains(who, levelLetter[level])
}

func impactOf(who string) string {
	for _, x := range [][2]string{{"!", "stopped"}, {"#", "blocked"}, {"~", "slowed"}} { // in an order, so that a seed says all
		if strings.Contains(who, x[0]) {
			return x[1]
		}
	}
	return "question"
}

// draw draws until nobody has said the same, and helps with a detail where
// the words run out.
func (t *talks) draw(d *dice, who asker, service string, when moment, from []choice) talk {
	for try := 0; ; try++ {
		w := newWords(d, who, service, when)
		c := pick(d, from)
		s := pick(d, c.says)
		ask := w.ask(s, impactOf(s.who))
		if try > 8 {
			ask += " " + w.detail(try, len(t.heard))
		}
		title, _, _ := strings.Cut(ask, "\n")
		if t.heard[ask] || utf8.RuneCountInString(title) > mostTitle || utf8.RuneCountInString(ask) > mostAsk {
			continue
		}
		t.heard[ask] = true
		return w.talk(c.of, s, service, ask)
	}
}

// talk is all that is said about a request, each part as often as in life.
func (w *words) talk(of *situation, s says, service, ask string) talk {
	d := w.d
	out := talk{service: service, impact: impactOf(s.who), ask: ask}
	switch service {
	case "plan":
		out.service, out.class = "", w.slot("planclass")
	case "private":
		out.service, out.private = "", of.private
	}
	if of.service != "" {
		out.service = of.service
	}
	usual := usually(w.spanish)
	solve := w.say(s.answer(d, of.solve))
	first := 77
	qa := of.qa
	if len(qa) == 0 || strings.Contains(s.who, "q") {
		qa = usual.questions(w.who.role, out)
	}
	vendor := of.vendor
	if len(vendor) == 0 && d.chance(40) && (out.impact == "slowed" || out.impact == "blocked") && (service == "platform" || service == "gradebook" || service == "licenses") {
		vendor = usual.vendor
	}
	switch roll := d.below(100); {
	case roll < 13 && len(qa) > 0:
		p := pick(d, qa)
		out.waitOn, out.wait, out.answer = "requester", w.say(p.one), w.say(p.two)
		first = 25
	case roll >= 13 && roll < 65 && len(of.part) > 0 && !strings.Contains(s.who, "x"):
		p := pick(d, of.part)
		out.waitOn, out.wait, solve = "part", w.say(p.one), w.say(p.two)
		first = 30
	case roll >= 65 && len(vendor) > 0 && !strings.Contains(s.who, "z"):
		p := pick(d, vendor)
		out.waitOn, out.wait, solve = "vendor", w.say(p.one), w.say(p.two)
		first = 30
	}
	out.solve = solve
	if d.chance(first) {
		if len(of.first) > 0 && !strings.Contains(s.who, "y") {
			out.first = w.say(pick(d, of.first))
		} else {
			words := usual.first
			if w.young() {
				words = usual.firstYoung
			}
			out.first = w.say(pick(d, words))
		}
	}
	english := *w // notes stay English, and about the same things
	english.toEnglish()
	notes := serviceNotes[service]
	if d.chance(27) {
		switch {
		case len(of.note) > 0 && (len(notes.note) == 0 || d.chance(75)):
			out.note = english.say(pick(d, of.note))
		case len(notes.note) > 0:
			out.note = english.say(pick(d, notes.note))
		}
	}
	switch {
	case len(of.tried) > 0:
		out.tried = english.say(pick(d, of.tried))
	case len(notes.tried) > 0:
		out.tried = english.say(pick(d, notes.tried))
	default:
		out.tried = english.say(pick(d, anyTried))
	}
	redo := of.redo
	if strings.ContainsAny(s.who, "23456789") && !strings.Contains(s.who, "1") {
		redo = nil // it comes back from the first solution
	}
	switch {
	case out.service == "" && len(of.redo) > 0:
		redo = of.redo
	case w.young() && len(redo) == 0:
		redo = usual.redoYoung
	case out.impact == "question":
		redo = usual.redoQuestion
	case len(redo) == 0:
		redo = usual.redo
	}
	p := pick(d, redo)
	out.again, out.redo = w.say(p.one), w.say(p.two)
	if d.chance(34) {
		thanks := usual.thanks[w.who.role]
		if len(of.thanks) > 0 && d.chance(60) {
			thanks = of.thanks
		}
		out.thanks = w.say(pick(d, thanks))
	}
	return out
}
