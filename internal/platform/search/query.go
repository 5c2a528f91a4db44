package search

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"trellis/internal/platform/db"
)

const (
	maxQuery = 2000 // bytes of a query that are read
	maxWords = 16   // different words that count; what comes after is ignored
)

// Query is what somebody looks for.
type Query struct {
	Kind     string   // of the things to find, as indexed
	Text     string   // as typed; anything is allowed
	Langs    []string // whose stems a word may match, besides the word itself
	Audience int      // parts up to this audience may be read
	Prefix   bool     // a last word of three characters or more may be unfinished
}

// unit is one word of a query: the term lists of which one must be met, each
// term of it by one of its forms.
type unit struct {
	alternatives [][]term
}

// term matches a folded word by any of its forms, or by its beginning.
type term struct {
	forms  []string // the word, and its stem in each language
	prefix bool     // forms[0] is a beginning
}

// units are the query's words, each once.
func (q Query) units() []unit {
	text := q.Text
	if len(text) > maxQuery {
		text = text[:maxQuery]
	}
	var out []unit
	seen := map[string]bool{}
	words(text, func(w word, open bool) bool {
		prefix := q.Prefix && open && !w.dense
		u := unit{alternatives: [][]term{{q.term(w.whole(), prefix)}}}
		if pieces := w.pieces(); len(pieces) > 1 && !w.dense && !w.close {
			u.alternatives = append(u.alternatives, q.apart(w, prefix))
		}
		if k := u.key(); !seen[k] {
			seen[k] = true
			out = append(out, u)
		}
		return len(out) < maxWords
	})
	return out
}

// apart takes a joined word as its parts, as somebody else may have written it.
func (q Query) apart(w word, prefix bool) []term {
	var parts []string
	for _, p := range w.parts {
		if cut := splitNumber(p); cut != nil {
			parts = append(parts, cut...)
		} else {
			parts = append(parts, p)
		}
	}
	out := make([]term, len(parts))
	for i, p := range parts {
		out[i] = q.term(p, prefix && i == len(parts)-1)
	}
	return out
}

func (q Query) term(w string, prefix bool) term {
	t := term{forms: []string{w}, prefix: prefix && utf8.RuneCountInString(w) >= 3}
	if isPlain(w) {
		for _, l := range q.Langs {
			if stem := stemmers[base(l)]; stem != nil {
				if f := stem.term(w); !slices.Contains(t.forms, f) {
					t.forms = append(t.forms, f)
				}
			}
		}
	}
	return t
}

func (u unit) key() string { return u.expression(db.SQLite) }

// expression writes a unit in the engine's own query language. Terms consist
// of letters, digits and "=" and stand in quotes, so nothing in them is read
// as an operator.
func (u unit) expression(e db.Engine) string {
	var b strings.Builder
	and, or, open, end, star := " AND ", " OR ", `"`, `"`, " *"
	if e == db.Postgres {
		and, or, open, end, star = " & ", " | ", "'", "'", ":*"
	}
	for i, alt := range u.alternatives {
		if i > 0 {
			b.WriteString(or)
		}
		b.WriteString("(")
		for j, t := range alt {
			if j > 0 {
				b.WriteString(and)
			}
			b.WriteString("(")
			for k, f := range t.forms {
				if k > 0 {
					b.WriteString(or)
				}
				b.WriteString(open + f + end)
				if k == 0 && t.prefix {
					b.WriteString(star)
				}
			}
			b.WriteString(")")
		}
		b.WriteString(")")
	}
	return b.String()
}

// Match is a condition for a query of the caller's own, true for the rows
// whose id, in column, is a thing that q finds:
//
//	cond, args := search.Match(tx, q, "t.id", 3)
//	tx.Query("SELECT t.id FROM desk_ticket t WHERE t.site = $1 AND t.state = $2 AND "+cond, append([]any{site, state}, args...)...)
//
// column is SQL of the caller's, never input; next is the number of the first
// placeholder that is still free, and args belong to the placeholders from
// there on. Each word of the query must stand in some part of the thing that
// the audience may read; the words may stand in different parts. A text that
// is blank asks for nothing and the condition is TRUE; one without a word in
// it ("???") finds nothing, FALSE.
func Match(tx *db.Tx, q Query, column string, next int) (cond string, args []any) {
	units := q.units()
	if len(units) == 0 {
		if strings.TrimSpace(q.Text) == "" {
			return "TRUE", nil
		}
		return "FALSE", nil
	}
	kind, audience := "$"+strconv.Itoa(next), "$"+strconv.Itoa(next+1)
	args = append(args, q.Kind, q.Audience)
	var b strings.Builder
	b.WriteString(column + " IN (")
	for i, u := range units {
		if i > 0 {
			b.WriteString(" INTERSECT ")
		}
		n := "$" + strconv.Itoa(next+2+i)
		if tx.Engine() == db.Postgres {
			b.WriteString("SELECT search_doc.ref FROM search_doc WHERE search_doc.terms @@ " + n + "::text::tsquery AND search_doc.kind = " + kind + " AND search_doc.audience <= " + audience)
		} else {
			// CROSS JOIN keeps the order: the index first, then its rows.
			b.WriteString("SELECT search_doc.ref FROM search_term CROSS JOIN search_doc ON search_doc.id = search_term.rowid WHERE search_term MATCH " + n + " AND search_doc.kind = " + kind + " AND search_doc.audience <= " + audience)
		}
		args = append(args, u.expression(tx.Engine()))
	}
	b.WriteString(")")
	return b.String(), args
}

// Finds reports whether q finds a thing that consists of these documents, by
// reading them through instead of asking the index. It is what the index must
// agree with.
func (q Query) Finds(docs ...Doc) bool {
	units := q.units()
	if len(units) == 0 {
		return strings.TrimSpace(q.Text) == ""
	}
	open := make([]map[string]bool, 0, len(docs))
	for _, d := range docs {
		if d.Kind == q.Kind && d.Audience <= q.Audience {
			set := map[string]bool{}
			for _, t := range Cut(d).terms {
				set[t] = true
			}
			open = append(open, set)
		}
	}
	for _, u := range units {
		if !slices.ContainsFunc(open, u.in) {
			return false
		}
	}
	return true
}

// in reports whether one document has the word.
func (u unit) in(terms map[string]bool) bool {
	return slices.ContainsFunc(u.alternatives, func(alt []term) bool {
		return !slices.ContainsFunc(alt, func(t term) bool { return !t.in(terms) })
	})
}

func (t term) in(terms map[string]bool) bool {
	if slices.ContainsFunc(t.forms, func(f string) bool { return terms[f] }) {
		return true
	}
	if t.prefix {
		for have := range terms {
			if strings.HasPrefix(have, t.forms[0]) {
				return true
			}
		}
	}
	return false
}
