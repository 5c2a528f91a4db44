package sheet

import (
	"encoding/xml"
	"io"
	"slices"
	"strconv"

	"trellis/internal/platform/i18n"
)

// xesSource reads an event log (IEEE 1849): one row an event, with what its
// trace has repeated on each. Values are taken as they are written.
type xesSource struct {
	log    *xesLog
	names  map[string]int // an event's key to its column
	traces map[string]int
	width  int
}

// openXES reads the log twice: the columns are known only at its end.
func (b *Book) openXES() error {
	log, err := b.xesLog()
	if err != nil {
		return err
	}
	var events, traces []string
	names, traceNames := map[string]int{}, map[string]int{}
	note := func(list *[]string, known map[string]int, key string) error {
		if _, ok := known[key]; !ok {
			known[key] = 0
			*list = append(*list, key)
			if 2+len(known) > b.lim.Columns {
				return &fault{row: log.n, key: "sheet.too_many_columns", args: []any{"Max", b.lim.Columns}}
			}
		}
		return nil
	}
	for {
		e, err := log.next()
		if err == io.EOF {
			break
		}
		if f, ok := err.(*fault); ok && f.goesOn {
			continue // told in the second pass, in its place
		}
		if err != nil {
			return err
		}
		b.at = log.n
		for _, a := range e.attrs {
			if err := note(&events, names, a.key); err != nil {
				return err
			}
		}
		for _, a := range e.trace {
			if a.key == caseKey {
				continue
			}
			if err := note(&traces, traceNames, a.key); err != nil {
				return err
			}
		}
	}
	if log.n == 1 {
		return about("sheet.empty")
	}
	if 2+len(events)+len(traces) > b.lim.Columns {
		return &fault{key: "sheet.too_many_columns", args: []any{"Max", b.lim.Columns}}
	}
	b.header = []string{"case", "seq"}
	for _, k := range events {
		names[k] = len(b.header)
		if k == "case" || k == "seq" { // the log's own, beside ours
			k = "event:" + k
		}
		b.header = append(b.header, k)
	}
	for _, k := range traces {
		traceNames[k] = len(b.header)
		b.header = append(b.header, "case:"+k)
	}
	if log, err = b.xesLog(); err != nil {
		return err
	}
	b.kind, b.at = "xes", 0
	b.src = &xesSource{log: log, names: names, traces: traceNames, width: len(b.header)}
	return nil
}

func (b *Book) xesLog() (*xesLog, error) {
	text, err := b.text()
	if err != nil {
		return nil, err
	}
	head, err := text.Peek(headLen)
	if err != nil && err != io.EOF {
		return nil, err
	}
	return &xesLog{t: newTokens(encodingOf(head).reader(text), b.lim), lim: b.lim, n: 1}, nil
}

func (s *xesSource) next() (raw, error) {
	e, err := s.log.next()
	if err != nil {
		return raw{}, err
	}
	cells := make([]string, s.width)
	cells[1] = strconv.Itoa(e.seq)
	for _, a := range e.attrs {
		cells[s.names[a.key]] = a.value
	}
	for _, a := range e.trace {
		if a.key == caseKey {
			cells[0] = a.value
		} else {
			cells[s.traces[a.key]] = a.value
		}
	}
	return raw{n: s.log.n, cells: cells}, nil
}

// caseKey is the trace's key that names the case.
const caseKey = "concept:name"

type pair struct{ key, value string }

// event is valid until the next one is read.
type event struct {
	seq          int // from 1 within its trace
	attrs, trace []pair
}

// xesLog walks through a log.
type xesLog struct {
	t     *tokens
	lim   Limits
	n     int    // events so far and 1 for the header
	in    string // the element around: "", "log", "trace", "end"
	e     event
	wrong *fault // with the trace's own keys; told at its first event
}

// next is the next event. A *fault that goes on is about this event alone.
func (l *xesLog) next() (*event, error) {
	for {
		tok, err := l.t.next()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e, err := l.start(tok)
			if e != nil || err != nil {
				return e, err
			}
		case xml.EndElement:
			if l.in == "trace" {
				l.in, l.e.seq, l.e.trace = "log", 0, l.e.trace[:0]
			} else {
				l.in = "end"
			}
		}
	}
}

func (l *xesLog) start(tok xml.StartElement) (*event, error) {
	switch name := tok.Name.Local; {
	case l.in == "" && name == "log":
		l.in = "log"
		return nil, nil
	case l.in == "", l.in == "end":
		return nil, about("sheet.is.xml")
	case name == "event":
		return l.event()
	case l.in == "log" && name == "trace":
		l.in, l.e.seq, l.e.trace, l.wrong = "trace", 0, l.e.trace[:0], nil
		return nil, nil
	case l.in == "log": // what is said of the log as a whole
		return nil, l.t.skip()
	case l.e.seq > 0:
		// Rows before it have gone out without it.
		return nil, &fault{row: l.n, key: "sheet.xes_order"}
	}
	f, err := l.add(&l.e.trace, tok)
	if l.wrong == nil {
		l.wrong = f
	}
	return nil, err
}

// event reads the event that was just started.
func (l *xesLog) event() (*event, error) {
	l.n++
	l.e.seq++
	l.e.attrs = l.e.attrs[:0]
	wrong := l.wrong
	l.wrong = nil
	for {
		tok, err := l.t.next()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			f, err := l.add(&l.e.attrs, tok)
			if err != nil {
				return nil, err
			}
			if wrong == nil {
				wrong = f
			}
		case xml.EndElement:
			if wrong != nil {
				wrong.row = l.n
				return nil, wrong
			}
			return &l.e, nil
		}
	}
}

// add notes an attribute, if it is one with a value, and reads to its end.
// What is nested in it says more about the value than a table can hold.
func (l *xesLog) add(to *[]pair, tok xml.StartElement) (wrong *fault, err error) {
	p := pair{attr(tok, "key"), attr(tok, "value")}
	if err := l.t.skip(); err != nil {
		return nil, err
	}
	switch tok.Name.Local {
	case "string", "date", "int", "float", "boolean", "id":
	default:
		return nil, nil
	}
	switch {
	case p.key == "":
	case len(p.key) > l.lim.Cell, len(p.value) > l.lim.Cell:
		wrong = &fault{key: "sheet.long_cell", args: []any{"Limit", i18n.Bytes(l.lim.Cell)}, column: p.key[:min(len(p.key), 100)], goesOn: true}
	case slices.ContainsFunc(*to, func(q pair) bool { return q.key == p.key }):
		wrong = &fault{key: "sheet.xes_twice", column: p.key, goesOn: true}
	case len(*to) >= l.lim.Columns:
		return nil, &fault{row: l.n, key: "sheet.too_many_columns", args: []any{"Max", l.lim.Columns}}
	default:
		*to = append(*to, p)
	}
	return wrong, nil
}
