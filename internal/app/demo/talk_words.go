package demo

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words fills the templates of one talk. A template has choices, [one|other],
// which may hold choices, and slots: {room} is the same wherever it stands in
// one talk, {n:3-9} is a number that is {n} afterwards, and {Room} begins with
// a capital letter.
type words struct {
	d       *dice
	who     asker
	service string
	when    moment
	spanish bool
	girl    bool // of whom the words tell, where it matters to them
	grade   int  // 0 is kindergarten
	known   []pair
}

func newWords(d *dice, who asker, service string, when moment) *words {
	w := &words{d: d, who: who, service: service, when: when, spanish: who.lang == "es-US", girl: d.chance(50)}
	w.grade = gradeOf(d, who)
	return w
}

// toEnglish keeps what is the same in both languages (numbers, tags) and
// forgets the rest.
func (w *words) toEnglish() {
	if !w.spanish {
		return
	}
	w.spanish = false
	var same []pair
	for _, p := range w.known {
		if strings.ContainsAny(p.two, "0123456789") && !strings.Contains(p.two, " ") || p.one == "app" || p.one == "pupil" {
			same = append(same, p)
		}
	}
	w.known = same
}

// gradeOf is a grade that fits the title, else the level.
func gradeOf(d *dice, who asker) int {
	if rest, ok := strings.CutPrefix(who.title, "Grade "); ok {
		n, _, _ := strings.Cut(rest, " ")
		if g, err := strconv.Atoi(n); err == nil {
			return g
		}
	}
	if strings.HasPrefix(who.title, "Kinder") {
		return 0
	}
	switch who.level {
	case "elementary":
		return d.between(0, 5)
	case "middle":
		return d.between(6, 8)
	}
	return d.between(9, 12)
}

// say fills a template.
func (w *words) say(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 32)
	w.put(&b, text)
	out := strings.TrimSpace(b.String())
	if w.spanish {
		out = spanishArticles.Replace(out)
	}
	return out
}

var spanishArticles = strings.NewReplacer(" de el ", " del ", " a el ", " al ")

func (w *words) put(b *strings.Builder, text string) {
	for {
		i := strings.IndexAny(text, "[{")
		if i < 0 {
			b.WriteString(text)
			return
		}
		b.WriteString(text[:i])
		if text[i] == '{' {
			end := i + strings.IndexByte(text[i:], '}')
			b.WriteString(w.slot(text[i+1 : end]))
			text = text[end+1:]
			continue
		}
		chosen, rest := w.choose(text[i+1:])
		w.put(b, chosen)
		text = rest
	}
}

// choose takes one of the choices that begin the text, up to their bracket.
func (w *words) choose(text string) (chosen, rest string) {
	var cuts [24]int // the most choices of one bracket
	n, depth, from := 0, 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '[':
			depth++
		case '|':
			if depth == 0 {
				n++
				cuts[n] = i + 1
			}
		case ']':
			if depth > 0 {
				depth--
				continue
			}
			k := w.d.below(n + 1)
			from = cuts[k]
			end := i
			if k < n {
				end = cuts[k+1] - 1
			}
			return text[from:end], text[i+1:]
		}
	}
	panic("a choice without an end: " + text) // the example's own text
}

// slot is what stands for a name in this talk.
func (w *words) slot(name string) string {
	if c, size := utf8.DecodeRuneInString(name); unicode.IsUpper(c) {
		return capital(w.slot(string(unicode.ToLower(c)) + name[size:]))
	}
	key, bounds, ranged := strings.Cut(name, ":")
	for i := len(w.known) - 1; i >= 0; i-- { // a bare {n} is the latest range
		if w.known[i].one == name {
			return w.known[i].two
		}
	}
	var v string
	if ranged {
		low, high, _ := strings.Cut(bounds, "-")
		l, _ := strconv.Atoi(low)
		h, _ := strconv.Atoi(high)
		v = strconv.Itoa(w.d.between(l, h))
		w.known = append(w.known, pair{name, v})
	} else {
		v = w.fill(key)
	}
	w.known = append(w.known, pair{key, v})
	return v
}

func capital(s string) string {
	c, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(c)) + s[size:]
}

// ask is the whole request: the wording, and what people add to it.
func (w *words) ask(s says, impact string) string {
	d := w.d
	lines := make([]string, 0, 4)
	for i, l := range strings.Split(s.text, "\n") {
		if rest, maybe := strings.CutPrefix(l, "?"); maybe {
			if !d.chance(50) {
				continue
			}
			l = rest
		}
		l = w.say(l)
		if i == 0 {
			l = strings.TrimSuffix(l, ".") // titles have no period
		}
		if w.who.role != "student" {
			l = capital(l)
		}
		lines = append(lines, l)
	}
	usual := usually(w.spanish)
	if d.chance(13) {
		hello := w.say(pick(d, usual.hello))
		if len(lines) > 1 {
			lines[1] = hello + " " + lines[1]
		} else {
			lines = append(lines, hello)
		}
	}
	if d.chance(48) && w.service != "private" {
		if more := usual.more(w.who, w.service, impact); len(more) > 0 {
			text := w.say(pick(d, more))
			last := lines[len(lines)-1]
			if len(lines) > 1 && strings.ContainsRune(".?!", rune(last[len(last)-1])) && d.chance(70) {
				lines[len(lines)-1] = last + " " + text
			} else {
				lines = append(lines, text)
			}
		}
	}
	out := strings.Join(lines, "\n")
	if d.chance(7) && (w.who.role == "teacher" || w.who.role == "student") {
		out = hasty(out)
	}
	return out
}

// hasty is the text as somebody types it who has no time for the shift key.
func hasty(s string) string {
	var b strings.Builder
	fresh := true // the next letter begins a sentence
	for i, c := range s {
		if fresh && unicode.IsLetter(c) {
			after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(c):])
			if unicode.IsLower(after) {
				c = unicode.ToLower(c)
			}
			fresh = false
		}
		if c == '.' || c == '\n' || c == '?' || c == '!' {
			fresh = true
		} else if !unicode.IsSpace(c) && !unicode.IsPunct(c) {
			fresh = false
		}
		b.WriteRune(c)
	}
	return strings.TrimSuffix(b.String(), ".")
}

// detail tells two requests apart whose words are the same. When even these
// run out, the number of the paper slip at the counter does not.
func (w *words) detail(try, heard int) string {
	text := usually(w.spanish).detail
	if try > 60 {
		w.known = append(w.known, pair{"slip", strconv.Itoa(heard)})
		return w.say(usually(w.spanish).slip)
	}
	return w.say(pick(w.d, text))
}
