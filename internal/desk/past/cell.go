package past

import (
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
)

// parts are what a cell with a time consists of, before anybody knows whether
// day or month comes first.
type parts struct {
	class  byte // 'y' the year first, '2' day and month in an order unknown, 'D' and 'M' with a month's name, 'n' a number of days
	sep    byte
	num    [3]int // as written; a month's name is its number
	clocks bool   // has a time of day
	since  time.Duration
	offset bool // says its offset
	east   time.Duration
	days   float64 // with 'n'
}

func (p parts) clock() byte {
	if p.clocks {
		return 't'
	}
	return 'd'
}

// scanner walks over one cell.
type scanner struct {
	s string
	i int
}

func (c *scanner) peek() byte {
	if c.i < len(c.s) {
		return c.s[c.i]
	}
	return 0
}

// digits takes a number of at most most digits.
func (c *scanner) digits(most int) (n, size int) {
	for isDigit(c.peek()) && size < most {
		n, size = n*10+int(c.peek()-'0'), size+1
		c.i++
	}
	if isDigit(c.peek()) {
		return 0, 0
	}
	return n, size
}

func (c *scanner) letters() string {
	from := c.i
	for isLetter(c.peek()) {
		c.i++
	}
	return c.s[from:c.i]
}

func (c *scanner) skip(any string) (skipped bool) {
	for c.i < len(c.s) && strings.IndexByte(any, c.s[c.i]) >= 0 {
		c.i, skipped = c.i+1, true
	}
	return skipped
}

func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// parse takes a cell apart. It refuses what is no date in any form.
func parse(cell string) (p parts, ok bool) {
	for i := range len(cell) {
		if cell[i] >= 0x80 { // "miércoles", or a narrow space before AM
			cell = district.Fold(cell)
			break
		}
	}
	cell = strings.TrimSpace(cell)
	if len(cell) < 5 || len(cell) > 64 {
		return p, false
	}
	if days, ok := number(cell); ok {
		return parts{class: 'n', days: days}, true
	}
	c := &scanner{s: cell}
	if ok := c.date(&p); !ok {
		return p, false
	}
	if c.i == len(c.s) {
		return p, true
	}
	if c.peek()|0x20 == 't' {
		c.i++
	} else if !c.skip(", ") {
		return p, false
	}
	return p, c.time(&p) && c.i == len(c.s)
}

// number is a spreadsheet's count of days, from 1970 to 2149.
func number(cell string) (float64, bool) {
	dots := 0
	for i := range len(cell) {
		if cell[i] == '.' {
			dots++
		} else if !isDigit(cell[i]) {
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(cell, 64)
	return n, err == nil && dots <= 1 && n >= 25569 && n < 91313
}

// date takes three parts: numbers, or two numbers and a month's name.
func (c *scanner) date(p *parts) bool {
	var size [3]int
	name := -1
	for k := 0; k < 3; {
		if isLetter(c.peek()) {
			word := c.letters()
			c.skip(".")
			m := month(word)
			switch {
			case k == 0 && m == 0 && weekday(word):
				c.skip(", ")
				continue
			case m == 0 || name >= 0 || k == 2:
				return false
			}
			p.num[k], name = m, k
		} else {
			p.num[k], size[k] = c.digits(4)
			if size[k] == 0 || size[k] == 3 {
				return false
			}
		}
		if k++; k == 3 {
			break
		}
		sep := c.peek()
		if !c.skip("-/., ") {
			return false
		}
		if rest := c.i; isLetter(c.peek()) && strings.EqualFold(c.letters(), "de") {
			c.skip(" ")
		} else {
			c.i = rest
		}
		switch {
		case k == 1:
			p.sep = sep
		case name < 0 && (sep != p.sep || sep == ' ' || sep == ','):
			return false
		}
	}
	return p.settle(size, name)
}

// settle finds the year among the parts and completes it.
func (p *parts) settle(size [3]int, name int) bool {
	year := 2
	switch {
	case name >= 0:
		p.sep = 0
		p.class = "MD"[name]
	case size[0] == 4:
		p.class, year = 'y', 0
	default:
		p.class = '2'
	}
	for k := range 3 {
		if k != year && k != name && size[k] > 2 {
			return false
		}
	}
	if size[year] == 2 {
		if p.num[year] += 2000; p.num[year] >= 2070 {
			p.num[year] -= 100
		}
	} else if size[year] != 4 {
		return false
	}
	return true
}

// time takes a time of day and what may follow it.
func (c *scanner) time(p *parts) bool {
	p.clocks = true
	h, size := c.digits(2)
	if size == 0 || c.peek() != ':' {
		return false
	}
	c.i++
	m, size := c.digits(2)
	if size != 2 {
		return false
	}
	s := 0
	var part time.Duration
	if c.peek() == ':' {
		c.i++
		if s, size = c.digits(2); size != 2 {
			return false
		}
		if b := c.peek(); b == '.' || b == ',' {
			c.i++
			unit := 100 * time.Millisecond
			if !isDigit(c.peek()) {
				return false
			}
			for ; isDigit(c.peek()); c.i++ {
				part += time.Duration(c.peek()-'0') * unit
				unit /= 10
			}
		}
	}
	c.skip(" ")
	if half := c.half(); half != 0 {
		if h < 1 || h > 12 {
			return false
		}
		if h %= 12; half == 'p' {
			h += 12
		}
		c.skip(" ")
	}
	p.since = time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + part
	return h < 24 && m < 60 && s < 60 && c.zone(p)
}

// half takes AM or PM, also as "p. m."; 0 for neither.
func (c *scanner) half() byte {
	from, b := c.i, c.peek()|0x20
	if b == 'a' || b == 'p' {
		c.i++
		c.skip(". ")
		if c.peek()|0x20 == 'm' {
			c.i++
			c.skip(".")
			return b
		}
	}
	c.i = from
	return 0
}

// zone takes Z, UTC, GMT or an offset such as +02:00, +0200, +02.
func (c *scanner) zone(p *parts) bool {
	switch word := strings.ToUpper(c.letters()); word {
	case "":
	case "Z", "UTC", "GMT":
		p.offset = true
		c.skip(" ")
	default:
		return false
	}
	b := c.peek()
	if b != '+' && b != '-' {
		return true
	}
	c.i++
	h, size := c.digits(4)
	m := 0
	switch {
	case size == 4:
		h, m = h/100, h%100
	case size != 2:
		return false
	case c.peek() == ':':
		c.i++
		if m, size = c.digits(2); size != 2 {
			return false
		}
	}
	if h > 14 || m > 59 {
		return false
	}
	p.offset, p.east = true, time.Duration(h)*time.Hour+time.Duration(m)*time.Minute
	if b == '-' {
		p.east = -p.east
	}
	return true
}

var months = [12][2]string{{"january", "enero"}, {"february", "febrero"}, {"march", "marzo"}, {"april", "abril"}, {"may", "mayo"}, {"june", "junio"},
	{"july", "julio"}, {"august", "agosto"}, {"september", "septiembre"}, {"october", "octubre"}, {"november", "noviembre"}, {"december", "diciembre"}}

// month is the number of a month's name, whole or cut to three letters or
// more, in English or Spanish; 0 if it is none.
func month(word string) int {
	word = strings.ToLower(word)
	if len(word) < 3 {
		return 0
	}
	for i, m := range months {
		if strings.HasPrefix(m[0], word) || strings.HasPrefix(m[1], word) || i == 8 && strings.HasPrefix("setiembre", word) {
			return i + 1
		}
	}
	return 0
}

func weekday(word string) bool {
	word = strings.ToLower(word)
	for _, d := range [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"} {
		if len(word) >= 3 && strings.HasPrefix(d, word) {
			return true
		}
	}
	return false
}
