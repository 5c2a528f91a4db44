package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
)

const (
	didHandUp   = "handed_up"
	didHandBack = "handed_back"
	didTried    = "tried"

	// The fields of the three forms, where a list of errors leads.
	upTried, upWhy, backWhy, triedText = "p-up-tried", "p-up-why", "p-back-why", "p-tried-text"
)

// handView are the forms that pass a request on and back.
type handView struct {
	up, back *ui.FormProps // nil where there is no such step
	upWords  string        // "Pass on to Network"
	upReads  string        // who reads what is written
	later    string        // "" if what was tried is required now
	tried    ui.FieldProps
	why      ui.FieldProps

	backWords string
	backWhy   ui.FieldProps

	upError, backError string // wrong, and not with a field
	upOpen, backOpen   bool
}

// triedView asks what was tried, after a request was passed on without it.
type triedView struct {
	form  ui.FormProps
	mine  bool // the reader passed it on themselves
	words string
	field ui.FieldProps
}

// handFieldAt is where a field of one of the three forms stands.
func handFieldAt(form, field string) string {
	switch {
	case form == "tried":
		return triedText
	case form == "hand-back":
		return backWhy
	case field == "tried":
		return upTried
	}
	return upWhy
}

// hand are the forms of whoever may pass it on or back, nil if neither leads
// anywhere. One that comes back is there even if it would lead nowhere now:
// what was typed in it stands in it.
func (p *paneMaker) hand() *handView {
	t := p.t
	v := &handView{
		tried:   ui.FieldProps{Input: ui.Area, Name: "tried", ID: upTried, Label: p.word("deskui.tried"), Draft: handDraft("tried", t.ID)},
		why:     ui.FieldProps{Input: ui.Area, Name: "why", ID: upWhy, Rows: 2, Label: p.word("deskui.pass.why"), Optional: p.word("ask.optional"), Draft: handDraft("why", t.ID)},
		backWhy: ui.FieldProps{Input: ui.Area, Name: "why", ID: backWhy, Label: p.word("deskui.pass.back.why"), Draft: handDraft("back", t.ID)},
		upWords: p.word("deskui.pass.up.again"), upReads: p.word("deskui.pass.reads"), backWords: p.word("deskui.pass.back.again"),
	}
	if t.Impact == desk.Stopped {
		v.tried.Optional, v.later = p.word("ask.optional"), p.word("deskui.pass.later")
	}
	if failed, form := p.d.of("hand-up"); failed != nil {
		v.upOpen, v.tried.Value, v.why.Value = true, form.Text("tried"), form.Text("why")
		v.tried.Error, v.why.Error = failed.Field("tried"), failed.Field("why")
		if v.tried.Error == "" && v.why.Error == "" {
			v.upError = or(failed.Field("team"), failed.Text)
		}
	}
	if failed, form := p.d.of("hand-back"); failed != nil {
		v.backOpen, v.backWhy.Value, v.backWhy.Error = true, form.Text("why"), failed.Field("why")
		if v.backWhy.Error == "" {
			v.backError = failed.Text
		}
	}
	form := func(action string) *ui.FormProps {
		f := p.form(action, pane)
		f.ID = action + "-form"
		return &f
	}
	next := t.Inside.Next
	if next != nil {
		v.upWords, v.upReads = p.word("deskui.pass.up", "Team", next.Name), p.word("deskui.pass.reads_team", "Team", next.Name)
	}
	if from := t.Inside.CameFrom; from != "" {
		v.backWords = p.word("deskui.pass.back", "Team", from)
	}
	if next != nil && t.May(desk.ActHandUp) || v.upOpen {
		v.up = form("hand-up")
	}
	if t.May(desk.ActHandBack) || v.backOpen {
		v.back = form("hand-back")
	}
	if v.up == nil && v.back == nil {
		return nil
	}
	return v
}

// tried asks what was tried, nil if nothing is to be asked. Whoever passed it
// on is asked about their own time first.
func (p *paneMaker) tried(passes []desk.Handoff) *triedView {
	_, form := p.d.of("tried")
	if !p.t.May(desk.ActTried) && form == nil {
		return nil
	}
	var h desk.Handoff
	for _, x := range slices.Backward(passes) {
		if x.TriedDue && (h.ID == 0 || x.ID == p.t.OwesTried) {
			h = x
		}
	}
	if form != nil { // what comes back is about the same one, even if it was answered meanwhile
		for _, x := range passes {
			if int64(x.ID) == form.ID("handoff") {
				h = x
			}
		}
	}
	mine := h.By.ID == actorID(p.ctx)
	words := p.word("deskui.tried.who", "Who", h.By.Name, "Team", h.ToName)
	if mine {
		words = p.word("deskui.tried.you", "Team", h.ToName)
	}
	v := triedForm(p.ctx, p.form("tried", pane), p.t.ID, h.ID, words, p.d)
	v.mine = mine
	return v
}

// triedForm is the same question in the pane and on the page of whoever only
// follows the request now.
func triedForm(ctx context.Context, f ui.FormProps, number desk.TicketID, h desk.HandoffID, words string, d doing) *triedView {
	f.ID = "tried-form"
	v := &triedView{form: f, words: words, field: ui.FieldProps{Input: ui.Area, Name: "tried", ID: triedText, Label: i18n.T(ctx, "deskui.tried"),
		Hint: i18n.T(ctx, "deskui.pass.reads"), Draft: handDraft("after", number)}}
	if failed, form := d.of("tried"); failed != nil {
		v.field.Value, v.field.Error = form.Text("tried"), or(failed.Field("tried"), failed.Text)
		h = desk.HandoffID(form.ID("handoff"))
	}
	v.form.Hidden = []ui.Pair{{Name: "handoff", Value: id(h)}}
	return v
}

// triedOwed is the question on the page of whoever passed the request on and
// no longer works on it. Who does not help any more can't answer it.
func (s *pages) triedOwed(ctx context.Context, t desk.Ticket, d doing) *triedView {
	if t.OwesTried == 0 && d.form != "tried" || !district.Helper.Permits(policy.ActorFrom(ctx)) {
		return nil
	}
	// It comes back even if it was answered meanwhile, and then nothing is owed.
	v := triedForm(ctx, frame.Form(ui.FormProps{Action: RequestPath(t.ID) + "/tried"}), t.ID, t.OwesTried,
		i18n.T(ctx, "deskui.tried.you", "Team", or(t.OwesTriedTo, t.TeamName)), d)
	v.mine, v.field.ID = true, "" // the only field of that name here: the list of errors finds it
	if failed, _ := d.of("tried"); failed != nil {
		failed.Labels(ctx, map[string]string{"tried": "deskui.tried"})
	}
	return v
}

// handDraft names unsent texts of these forms in the browser.
func handDraft(of string, number desk.TicketID) string {
	return of + "-" + strings.TrimPrefix(number.String(), "R-")
}

// handUp passes a request on to the next step of its path.
func (s *pages) handUp(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "hand-up", didHandUp, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.HandUp(ctx, desk.HandUp{Ticket: number, Version: f.Version(), Tried: f.Text("tried"), Why: f.Text("why")})
		return err
	})
}

// handBack returns it to where it came from.
func (s *pages) handBack(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "hand-back", didHandBack, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.HandBack(ctx, desk.HandBack{Ticket: number, Version: f.Version(), Why: f.Text("why")})
		return err
	})
}

// addTried writes down what was tried before it was passed on.
func (s *pages) addTried(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "tried", didTried, func(ctx context.Context, number desk.TicketID, f sent) error {
		h := desk.HandoffID(f.ID("handoff"))
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.desk.AddTried(ctx, desk.AddTried{Ticket: number, Handoff: h, Text: f.Text("tried")})
		return err
	})
}

// passed are the texts that went along with a request, each where it was
// written. Only the desk's page calls it.
func passed(t times, list []desk.Handoff, lines []desk.Line) []entry {
	later := map[desk.HandoffID]desk.Line{} // what was tried, written down afterwards
	for _, l := range lines {
		if l.Key == "desk.history.tried" {
			later[l.Handoff] = l
		}
	}
	var out []entry
	add := func(anchor string, at time.Time, who desk.Person, badge, text string) {
		out = append(out, entry{at: at, text: text, message: &ui.MessageProps{
			ID: anchor, Kind: ui.Note, Who: or(who.Name, i18n.T(t.ctx, "request.system")), At: t.moment(at), Badge: badge}})
	}
	for _, h := range list {
		badge := i18n.T(t.ctx, "deskui.pass.note", "Team", h.ToName)
		var parts []string
		if l, ok := later[h.ID]; ok {
			add("t-"+id(h.ID), l.At, l.Who, badge, i18n.T(t.ctx, "deskui.pass.tried_was", "Text", h.Tried))
		} else if h.Tried != "" {
			parts = append(parts, i18n.T(t.ctx, "deskui.pass.tried_was", "Text", h.Tried))
		}
		if h.Why != "" {
			parts = append(parts, i18n.T(t.ctx, "deskui.pass.why_was", "Text", h.Why))
		}
		if len(parts) > 0 {
			add("h-"+id(h.ID), h.At, h.By, badge, strings.Join(parts, "\n\n"))
		}
	}
	return out
}

// passView is one time that a request changed teams.
type passView struct{ way, who string }

// passes are the way that a request took so far.
func (p *paneMaker) passViews(list []desk.Handoff) (title string, out []passView) {
	if len(list) == 0 {
		return "", nil
	}
	for _, h := range list {
		out = append(out, passView{
			way: p.word("deskui.passes.way", "From", h.FromName, "To", h.ToName),
			who: joined(" · ", p.word(h.Way.Key()), or(h.By.Name, p.word("request.system")), p.at.when(h.At)),
		})
	}
	return p.word("deskui.passes", "Count", len(list)), out
}

// passWords is a line of history that passed a request on or back, in one
// plain sentence, "" for every other line and where the team is not told.
func passWords(t times, l desk.Line, who string) string {
	team, owner := "", ""
	for _, c := range l.Changes {
		switch c.Key {
		case "desk.field.owner_team":
			team = c.To.Text
		case "desk.field.owner_person":
			owner = c.To.Text
		}
	}
	switch {
	case team == "":
	case l.Key == "desk.history.handed_up":
		return i18n.T(t.ctx, "request.passed.up", "Who", who, "Team", team)
	case l.Key == "desk.history.handed_back" && owner != "":
		return i18n.T(t.ctx, "request.passed.back_to", "Who", who, "Team", team, "Name", owner)
	case l.Key == "desk.history.handed_back":
		return i18n.T(t.ctx, "request.passed.back", "Who", who, "Team", team)
	}
	return ""
}
