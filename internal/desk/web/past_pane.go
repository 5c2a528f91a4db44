package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

const didPastRow = "past"

// pastWords say where a request comes from that another desk had.
func pastWords(ctx context.Context, p *desk.Past) string {
	if p == nil {
		return ""
	}
	words := []string{i18n.T(ctx, "deskui.past.from", "Source", p.Source, "Number", p.Number)}
	if p.Open {
		words = append(words, i18n.T(ctx, "deskui.past.open"))
	}
	if p.Undated {
		words = append(words, i18n.T(ctx, "deskui.past.undated"))
	}
	return strings.Join(words, " ")
}

// inPast shows the times of a past as they were recorded.
func (t times) inPast(p *desk.Past) times {
	if p != nil {
		t.zone = p.Location()
	}
	return t
}

// recorded are the lines that the old desk recorded, each with what takes it
// out or puts it back.
func (p *paneMaker) recorded() ([]entry, error) {
	if p.t.Past == nil {
		return nil, nil
	}
	rows, err := p.desk.PastRows(p.ctx, p.t.ID)
	if err != nil {
		return nil, err
	}
	may := p.t.May(desk.ActPastRow)
	var out []entry
	var before desk.PastRow
	for _, r := range rows {
		for _, m := range p.momentsOf(r) {
			h := happened{icon: pastIcon(m.state), text: m.text, at: p.recordedAt(m.at)}
			if m.whole {
				h.text = p.rowWords(before, r)
				if may {
					action, key := "remove", "deskui.past.remove"
					if r.Removed {
						action, key = "restore", "deskui.past.restore"
					}
					h.undo = &ui.FormProps{Action: p.to("past/" + id(r.ID) + "/" + action), Swap: pane, Key: web.NewKey(), Class: "bare"}
					h.undoText = p.word(key)
				}
			}
			out = append(out, entry{at: m.at, event: &h})
		}
		if !r.Removed {
			before = r
		}
	}
	return out, nil
}

// pastProperties leave out what this desk never said of a request that another
// desk had, and show what that desk called it.
func (p *paneMaker) pastProperties(v *ticketView) {
	if p.t.Past == nil {
		return
	}
	v.title = ui.PropertyProps{}
	v.props = slices.DeleteFunc(v.props, func(x ui.PropertyProps) bool { return x.ID == "p-impact" })
	if impact := p.t.Past.Impact; impact != "" {
		v.props = append([]ui.PropertyProps{{ID: "p-impact", Label: p.word("deskui.impact"), Value: impact, Locked: true}}, v.props...)
	}
}

// recordedAt is a moment of a record, always with its time of day: much of what
// is recorded of one day is only told apart by it.
func (p *paneMaker) recordedAt(at time.Time) ui.Moment {
	m := p.at.moment(at)
	m.Text = i18n.DateTime(p.ctx, at, p.at.zone)
	return m
}

// pastMoment is one instant that a row records.
type pastMoment struct {
	at    time.Time
	state desk.State
	text  string
	whole bool // the row itself
}

// momentsOf are the instants of a row: its own, and of a request in one row
// when it was opened, answered, solved and closed.
func (p *paneMaker) momentsOf(r desk.PastRow) []pastMoment {
	if !r.At.IsZero() {
		return []pastMoment{{at: r.At, state: r.State, whole: true}}
	}
	out := []pastMoment{{at: r.Opened, state: desk.Open, whole: true}}
	for _, m := range []pastMoment{
		{at: r.First, state: desk.Open, text: p.word("deskui.past.first")},
		{at: r.Solved, state: desk.Solved, text: p.word("deskui.past.solved")},
		{at: r.Closed, state: desk.Closed, text: p.word("deskui.past.closed")},
	} {
		if !m.at.IsZero() && !r.Removed {
			out = append(out, m)
		}
	}
	return out
}

// rowWords say what a row records: its status in the words of the old desk,
// and of the rest what is not as in the row before.
func (p *paneMaker) rowWords(before, r desk.PastRow) string {
	var parts []string
	if r.Status != "" {
		parts = append(parts, r.Status)
	}
	if r.Sub != "" && r.Sub != r.Status {
		parts = append(parts, r.Sub)
	}
	for _, f := range []struct{ was, is string }{{before.Team, r.Team}, {before.Person, r.Person}, {before.Impact, r.Impact}, {before.Priority, r.Priority}, {before.Place, r.Place}, {before.Service, r.Service}} {
		if f.is != "" && f.is != f.was && !slices.Contains(parts, f.is) {
			parts = append(parts, f.is)
		}
	}
	text := strings.Join(parts, " · ")
	if text == "" {
		text = p.word("deskui.past.row")
	}
	if r.Removed {
		return p.word("deskui.past.removed", "Text", text)
	}
	return text
}

func pastIcon(s desk.State) string {
	switch s {
	case desk.Solved, desk.Closed:
		return "circle-check"
	case desk.Waiting:
		return "hourglass"
	}
	return "circle-dot"
}

// removePastRow takes a line out of what an old desk recorded.
func (s *pages) removePastRow(w http.ResponseWriter, r *http.Request) error {
	return s.pastRow(w, r, s.desk.RemovePastRow)
}

// restorePastRow puts it back.
func (s *pages) restorePastRow(w http.ResponseWriter, r *http.Request) error {
	return s.pastRow(w, r, s.desk.RestorePastRow)
}

func (s *pages) pastRow(w http.ResponseWriter, r *http.Request, do func(context.Context, desk.TicketID, desk.PastRowID) (desk.Changed, error)) error {
	row, err := pathNumber(r, "row")
	if err != nil {
		return err
	}
	return s.do(w, r, "past", didPastRow, func(ctx context.Context, number desk.TicketID, _ sent) error {
		_, err := do(ctx, number, desk.PastRowID(row))
		return err
	})
}
