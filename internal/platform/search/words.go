package search

import (
	"strings"
	"unicode/utf8"
)

const (
	maxTerm  = 64 // bytes of one term; what is longer is cut, in texts and queries alike
	maxParts = 6  // of a joined word; one with more is taken for so many words
)

// word is one thing that a person would call a word: its parts, joined in the
// text by a hyphen, dot or the like, or one piece of a dense script.
type word struct {
	parts []string
	close bool // joined by apostrophes only
	dense bool
}

// whole is the word without what joins its parts.
func (w word) whole() string { return clip(strings.Join(w.parts, "")) }

// pieces are the smaller words in it by which it is also found: the parts of
// JV-10442, and JV and 10442 of JV10442 too. None if it is one piece.
func (w word) pieces() []string {
	if len(w.parts) == 1 {
		return splitNumber(w.parts[0])
	}
	var out []string
	for _, p := range w.parts {
		if w.close && utf8.RuneCountInString(p) < 3 {
			continue // the s of reader's
		}
		out = append(out, p)
		if !w.close {
			out = append(out, splitNumber(p)...)
		}
	}
	return out
}

// splitNumber cuts letters from a number of three digits or more, which is how
// labels on devices are written; nil if there is nothing to cut.
func splitNumber(p string) []string {
	run, longest := 0, 0 // digits in a row
	for i := range len(p) {
		if run++; !isDigit(p[i]) {
			run = 0
		}
		longest = max(longest, run)
	}
	if longest < 3 || longest == len(p) {
		return nil
	}
	var out []string
	start := 0
	for i := 1; i <= len(p); i++ {
		if i == len(p) || isDigit(p[i]) != isDigit(p[i-1]) {
			out = append(out, p[start:i])
			start = i
		}
	}
	return out
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// words cuts a text into words and calls each; it stops early if each returns
// false. open tells of the last one whether the text ends within it. A stretch
// of a dense script comes as its overlapping pairs of characters, or as the one
// character that it is.
func words(text string, each func(w word, open bool) bool) {
	s := splitter{each: each}
	fold(text, s.rune)
	s.flush(s.joint == 0)
}

// splitter gathers characters into words. It holds no more of the text than
// maxParts parts, whatever comes.
type splitter struct {
	each    func(w word, open bool) bool
	stopped bool

	parts []string
	part  []byte
	joint rune // the joiner after the part, 0 if none
	loose bool // a joiner other than an apostrophe was met
	long  bool // more than maxParts: its parts go out one by one

	last  rune // of a dense stretch
	pairs int  // its characters so far
}

func (s *splitter) rune(r rune, c class) {
	if s.stopped {
		return
	}
	switch c {
	case letter, digit:
		if s.pairs > 0 {
			s.flush(false)
		}
		if s.joint != 0 {
			s.loose = s.loose || s.joint != '\''
			s.joint = 0
			s.endPart(false)
		}
		if len(s.part)+utf8.RuneLen(r) <= maxTerm {
			s.part = utf8.AppendRune(s.part, r)
		}
	case joins, apostrophe:
		if len(s.part) == 0 || s.joint != 0 {
			s.flush(false)
			return
		}
		s.joint = r
	case dense:
		if len(s.part) > 0 {
			s.flush(false)
		}
		if s.pairs++; s.pairs > 1 {
			s.emit(word{parts: []string{string([]rune{s.last, r})}, dense: true}, false)
		}
		s.last = r
	default:
		s.flush(false)
	}
}

// endPart ends one part of a word.
func (s *splitter) endPart(open bool) {
	p := string(s.part)
	s.part = s.part[:0]
	if s.long {
		s.emit(word{parts: []string{p}}, open)
		return
	}
	if s.parts = append(s.parts, p); len(s.parts) > maxParts {
		s.long = true
		for i, p := range s.parts {
			s.emit(word{parts: []string{p}}, open && i == maxParts)
		}
		s.parts = nil
	}
}

// flush ends the word that is being read.
func (s *splitter) flush(open bool) {
	if s.pairs == 1 {
		s.emit(word{parts: []string{string(s.last)}, dense: true}, false)
	}
	if len(s.part) > 0 {
		s.endPart(open)
	}
	if len(s.parts) > 0 {
		s.emit(word{parts: s.parts, close: !s.loose && len(s.parts) > 1}, open)
	}
	s.parts, s.joint, s.loose, s.long, s.pairs = nil, 0, false, false, 0
}

func (s *splitter) emit(w word, open bool) {
	if !s.stopped && !s.each(w, open) {
		s.stopped = true
	}
}

// clip cuts a term at a character.
func clip(s string) string {
	if len(s) <= maxTerm {
		return s
	}
	s = s[:maxTerm]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s
}
