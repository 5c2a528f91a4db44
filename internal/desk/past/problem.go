package past

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Problem is something in a file that can't be understood.
type Problem struct {
	Row    int    `json:"row"`              // as a person finds it in the file; the header is 1
	Column string `json:"column,omitempty"` // the header's name; "": the whole row
	Key    string `json:"key"`              // the sentence, in the message catalogue
	Args   []any  `json:"args,omitempty"`   // name, value pairs for it
	Value  string `json:"value,omitempty"`  // the cell's text, cut
}

func (p *Problem) Error() string {
	return fmt.Sprintf("row %d, %q: %s: %q", p.Row, p.Column, p.Key, p.Value)
}

// Pairs are the arguments of the sentence: Args, and Row, Column and Value.
func (p Problem) Pairs() []any {
	return append([]any{"Row", p.Row, "Column", p.Column, "Value", p.Value}, p.Args...)
}

// cut is the beginning of a cell, enough to recognize it by.
func cut(s string) string {
	const most = 80
	if len(s) <= most {
		return strings.Clone(s)
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
