package past

import (
	"context"
	"errors"
	"io"
	"strings"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/search"
	"trellis/internal/platform/sheet"
)

// Sizes of a group: what one transaction brings in. Others write in between.
const (
	groupCases = 50
	groupRows  = 400
)

// errStopped ends a run that somebody stopped.
var errStopped = errors.New("stopped")

// bring does what a run says: it reads the file, refuses it as a whole if
// anything in it is not understood (unless the run takes the good rows), and
// brings in its cases group by group. It can be stopped after any group and
// begun again: what is here already is left alone, so the end is the same.
func (p *Past) bring(ctx context.Context, id RunID, open func() (*sheet.Book, error), tell func(Run)) (Run, error) {
	r, err := p.load(ctx, id)
	if err != nil {
		return Run{}, err
	}
	reading, err := Read(ctx, open, r.Map, Options{Dir: p.folder, Progress: func(rows, share int) {
		if tell != nil {
			now := r.Run
			now.Rows, now.Share = int64(rows), share/2
			tell(now)
		}
	}})
	if err != nil {
		var bad *sheet.Problem
		if !errors.As(err, &bad) {
			return r.Run, err
		}
		return p.end(ctx, &r, func(r *run) {
			r.State, r.Refused, r.Problems = Failed, 1, []Problem{fromSheet(bad)}
		})
	}
	defer reading.Close()
	if reading.Refused > 0 && !r.Good || reading.Cases == 0 {
		return p.end(ctx, &r, func(r *run) {
			r.State, r.Rows, r.Refused, r.Problems = Failed, int64(reading.Rows), int64(reading.Refused), reading.Problems
			if reading.Cases == 0 && reading.Refused == 0 {
				r.Problems = []Problem{{Key: "past.problem.empty"}}
			}
		})
	}
	b := &bringing{p: p, r: &r, reading: reading}
	if err := b.begin(ctx); errors.Is(err, errStopped) {
		return p.Find(ctx, id)
	} else if err != nil {
		return r.Run, err
	}
	var group []Case
	rows := 0
	flush := func() error {
		if len(group) == 0 {
			return nil
		}
		if err := b.put(ctx, group); err != nil {
			return err
		}
		group, rows = group[:0], 0
		if tell != nil {
			tell(r.Run)
		}
		return nil
	}
	for {
		c, err := reading.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			group = append(group, c)
			if rows += len(c.Rows); len(group) >= groupCases || rows >= groupRows {
				err = flush()
			}
		}
		if errors.Is(err, errStopped) {
			return p.Find(ctx, id)
		}
		if err != nil {
			return r.Run, err
		}
	}
	if err := flush(); errors.Is(err, errStopped) {
		return p.Find(ctx, id)
	} else if err != nil {
		return r.Run, err
	}
	if b.recount {
		if err := p.recount(ctx, r.Source); err != nil {
			return r.Run, err
		}
	}
	return p.end(ctx, &r, func(r *run) { r.State, r.Share, r.Kept = Done, 100, false })
}

// end stores how a run ended, unless somebody stopped it meanwhile.
func (p *Past) end(ctx context.Context, r *run, set func(*run)) (Run, error) {
	var after run
	err := p.db.Write(ctx, "end history", func(tx *db.Tx) error {
		now, err := findRun(tx, r.ID)
		if err != nil {
			return err
		}
		if !now.stillOurs(r) {
			return errStopped
		}
		set(&now)
		now.Ended = tx.Now()
		if err := now.save(tx); err != nil {
			return err
		}
		after = now
		return now.emit(tx, "history."+string(now.State), event.Change{Field: "added", To: now.Added}, event.Change{Field: "changed", To: now.Changed},
			event.Change{Field: "refused", To: now.Refused})
	})
	if errors.Is(err, errStopped) {
		return p.Find(ctx, r.ID)
	}
	if err != nil {
		return r.Run, err
	}
	*r = after
	return r.Run, nil
}

// stillOurs reports whether a run is as the job left it that works on it. One
// that was stopped and begun again has another job: of two, only the later
// goes on, or each case would be counted twice.
func (r *run) stillOurs(left *run) bool { return r.State == Running && r.Version == left.Version }

// bringing is a run at work.
type bringing struct {
	p       *Past
	r       *run
	reading *Reading
	from    source
	names   names
	hours   flow.Counting
	lang    string
	done    int  // cases
	recount bool // the source counts by other hours now
}

// hours are the weekly hours of a map and its dates without any, as text.
func (m Map) hours() (hours, closed string) {
	if hours = m.Hours; hours == "" {
		hours = calendar.DefaultWeek.String() // nobody said: those of a school
	}
	return hours, strings.Join(m.Closed, ",")
}

// langOf is the language that what was brought over is taken to be written in.
func langOf(tx *db.Tx) (lang string, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(lang), 'en') FROM district_profile`).Scan(&lang)
	return lang, err
}

// begin finds or makes the source, and forgets what an earlier attempt of this
// run counted.
func (b *bringing) begin(ctx context.Context) error {
	m := b.r.Map
	hours, closed := m.hours()
	var after run
	err := b.p.db.Write(ctx, "begin history", func(tx *db.Tx) (err error) {
		b.recount = false
		if b.names, err = readNames(tx); err != nil {
			return err
		}
		s, ok, err := findSource(tx, b.r.Name)
		if err != nil {
			return err
		}
		last := s.LastAt
		if b.reading.Last.After(last) {
			last = b.reading.Last
		}
		if !ok {
			stand, err := district.AddStandIns(tx, b.r.Name, m.Zone)
			if err != nil {
				return err
			}
			if err := tx.QueryRow(`INSERT INTO desk_past_source (name, map, zone, hours, closed, last_at, site, team, person)
					VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
				b.r.Name, string(m.JSON()), m.Zone, hours, closed, db.UsNull(last), stand.Site, stand.Team, stand.Person).Scan(&s.ID); err != nil {
				return err
			}
		} else {
			b.recount = s.Zone != m.Zone || s.Hours != hours || s.Closed != closed
			if _, err := tx.Exec(`UPDATE desk_past_source SET map = $1, zone = $2, hours = $3, closed = $4, last_at = $5, version = version + 1 WHERE id = $6`,
				string(m.JSON()), m.Zone, hours, closed, db.UsNull(last), s.ID); err != nil {
				return err
			}
		}
		if b.from, _, err = findSource(tx, b.r.Name); err != nil {
			return err
		}
		if b.lang, err = langOf(tx); err != nil {
			return err
		}
		r, err := findRun(tx, b.r.ID)
		if err != nil {
			return err
		}
		if !r.stillOurs(b.r) {
			return errStopped
		}
		r.Source, r.Added, r.Changed, r.Same = b.from.ID, 0, 0, 0
		r.Rows, r.Refused, r.Problems, r.Share = int64(b.reading.Rows), int64(b.reading.Refused), b.reading.Problems, 50
		if err := r.save(tx); err != nil {
			return err
		}
		after = r
		return r.emit(tx, "history.begun", event.Change{Field: "file", To: r.File}, event.Change{Field: "source", To: int64(b.from.ID)})
	})
	if err != nil {
		return err
	}
	*b.r = after
	dates, err := flow.ParseClosed(closed)
	if err != nil {
		return err
	}
	b.hours, err = flow.Count(m.Zone, hours, dates)
	return err
}

// put brings in one group.
func (b *bringing) put(ctx context.Context, group []Case) error {
	facts := make([]flow.Facts, len(group)) // outside the transaction: it may run twice
	for i, c := range group {
		facts[i] = flow.Compute(c.Rows, b.hours)
	}
	var after run
	err := b.p.db.Write(ctx, "bring history", func(tx *db.Tx) error {
		r, err := findRun(tx, b.r.ID)
		if err != nil {
			return err
		}
		if !r.stillOurs(b.r) {
			return errStopped
		}
		here, err := look(tx, b.from.ID, group)
		if err != nil {
			return err
		}
		given, err := numbersGiven(tx)
		if err != nil {
			return err
		}
		w := writing{b: b, tx: tx, tickets: batch{table: ticketTable}, pasts: batch{table: pastTable}, rows: batch{table: rowTable}, messages: batch{table: messageTable}}
		var fresh int64
		replaced := false
		for i, c := range group {
			k, is := here[c.Key]
			switch {
			case !is:
				fresh++
				r.Added++
				if err := w.add(desk.TicketID(-(given + fresh)), c, facts[i]); err != nil {
					return err
				}
			case k.digest == c.Digest && k.run == r.ID:
				r.Added++
			case k.digest == c.Digest && k.lastRun == r.ID:
				r.Changed++
			case k.digest == c.Digest:
				r.Same++
			default:
				r.Changed++
				replaced = true
				if err := w.replace(k, c, facts[i]); err != nil {
					return err
				}
			}
		}
		if err := w.write(); err != nil {
			return err
		}
		if fresh > 0 {
			if _, err := tx.Exec(`UPDATE desk_past_source SET numbers = numbers + $1 WHERE id = $2`, fresh, b.from.ID); err != nil {
				return err
			}
		}
		r.Share = 50 + (b.done+len(group))*50/max(b.reading.Cases, 1)
		if err := r.saveCounts(tx); err != nil {
			return err
		}
		after = r
		if fresh == 0 && !replaced {
			tx.Unlogged("what is here already was only counted")
			return nil
		}
		return r.emit(tx, "history.brought", event.Change{Field: "tickets", To: fresh}, event.Change{Field: "first", To: -given - 1})
	})
	if err != nil {
		return err
	}
	b.done += len(group)
	*b.r = after
	if b.p.onGroup != nil {
		b.p.onGroup(b.done)
	}
	return nil
}

// writing is one group being written.
type writing struct {
	b                              *bringing
	tx                             *db.Tx
	tickets, pasts, rows, messages batch
	facts                          []flow.Put
	docs                           []search.Doc
}

// add is a ticket that is not here yet.
func (w *writing) add(id desk.TicketID, c Case, f flow.Facts) error {
	b := w.b
	x := b.dresser().dress(w.tx.Now(), c.Key, c.texts(), lastOf(c.Rows), f)
	w.tickets.add(id, x.title, desk.Closed, x.impact, desk.Turn(x.impact, x.created), x.person, x.team, db.Null(x.owner), x.site, db.Null(x.service),
		desk.ByImport, b.lang, db.Us(x.created), db.Us(x.end), db.Us(x.created), true, db.UsNull(x.solved), db.Us(x.end), x.tier, x.handoffs)
	w.pasts.add(id, b.from.ID, b.r.ID, b.r.ID, c.Key, c.Digest, c.Title, c.Requester, c.Owner)
	addRows(&w.rows, id, b.r.ID, c.Rows)
	if x.body != "" {
		w.messages.add(id, x.person, false, x.body, desk.ByImport, db.Us(x.created))
	}
	w.docs = append(w.docs, x.docs(id, b.lang)...)
	w.facts = append(w.facts, flow.Put{Ticket: id, Source: b.from.ID, Facts: f})
	return nil
}

func (b *bringing) dresser() dresser { return dresser{b.from, b.names, b.r.Map, b.lang} }

func lastOf(rows []flow.Row) flow.Row {
	if len(rows) == 0 {
		return flow.Row{}
	}
	return rows[len(rows)-1]
}

// replace is a ticket that is here and of which the file now says something
// else. What it said before stays, out of sight, for an undo.
func (w *writing) replace(k known, c Case, f flow.Facts) error {
	before, _, was, err := textsOf(w.tx, k.ticket)
	if err != nil {
		return err
	}
	if was, err = shelve(was, before); err != nil {
		return err
	}
	if err := setTexts(w.tx, k.ticket, c.texts(), was, w.b.r.ID); err != nil {
		return err
	}
	if _, err := w.tx.Exec(`UPDATE desk_past_row SET until_run = $1 WHERE ticket = $2 AND until_run = 0`, w.b.r.ID, k.ticket); err != nil {
		return err
	}
	if err := w.b.dresser().dress(w.tx.Now(), c.Key, c.texts(), lastOf(c.Rows), f).change(w.tx, k.ticket, w.b.lang); err != nil {
		return err
	}
	addRows(&w.rows, k.ticket, w.b.r.ID, c.Rows)
	if k.private {
		return nil // it has no facts
	}
	w.facts = append(w.facts, flow.Put{Ticket: k.ticket, Source: w.b.from.ID, Facts: f})
	return nil
}

func (w *writing) write() error {
	for _, b := range []*batch{&w.tickets, &w.pasts, &w.rows, &w.messages} {
		if err := b.write(w.tx); err != nil {
			return err
		}
	}
	for _, d := range w.docs {
		if err := search.Index(w.tx, d); err != nil {
			return err
		}
	}
	return w.b.p.flow.Put(w.tx, w.facts)
}

func orElse(id, other int64) int64 {
	if id != 0 {
		return id
	}
	return other
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// short cuts a text to what fits a title, at a word.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= titleLimit {
		return s
	}
	cut := string(r[:titleLimit-1])
	if i := strings.LastIndexByte(cut, ' '); i > titleLimit/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// recount counts every ticket of a source anew: its hours are others now.
func (p *Past) recount(ctx context.Context, from SourceID) error {
	last := int64(0)
	for {
		var ids []desk.TicketID
		err := p.db.Write(ctx, "recount history", func(tx *db.Tx) (err error) {
			ids, err = db.List(tx, func(r *db.Rows, id *desk.TicketID) error { return r.Scan(id) },
				`SELECT ticket FROM desk_past WHERE source = $1 AND ticket < $2 ORDER BY ticket DESC LIMIT 200`, from, last)
			if err != nil || len(ids) == 0 {
				tx.Unlogged("nothing left to count")
				return err
			}
			tx.Unlogged("what a history comes to is computed from it")
			return p.flow.Refresh(tx, ids...)
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		last = int64(ids[len(ids)-1])
	}
}

// load reads a run.
func (p *Past) load(ctx context.Context, id RunID) (r run, err error) {
	err = p.db.Read(ctx, func(tx *db.Tx) (err error) {
		r, err = findRun(tx, id)
		return err
	})
	return r, err
}

// Find is one run.
func (p *Past) Find(ctx context.Context, id RunID) (Run, error) {
	if _, err := authorise(ctx, mayLook); err != nil {
		return Run{}, err
	}
	r, err := p.load(ctx, id)
	return r.Run, err
}

func fromSheet(s *sheet.Problem) Problem {
	return Problem{Row: s.Row, Column: s.Column, Key: s.Key, Args: s.Args}
}
