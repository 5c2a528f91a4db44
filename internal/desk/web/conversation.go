package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
)

// entry is one thing in a conversation: something said, something noted or
// something that happened. Exactly one of the three is set.
type entry struct {
	at      time.Time
	message *ui.MessageProps
	text    string // of the message, drawn with its links
	event   *happened
}

// happened is a line of history.
type happened struct {
	icon, text string
	at         ui.Moment
	undo       *ui.FormProps // nil where nothing can be taken back
	undoText   string        // on its button; "" is Undo
}

// spoken are the messages of a request. ours tells which side is reading.
func spoken(t times, tk desk.Ticket) []entry {
	out := make([]entry, 0, len(tk.Messages))
	for _, m := range tk.Messages {
		kind := ui.Theirs
		if m.FromDesk == tk.Works {
			kind = ui.Ours
		}
		p := ui.MessageProps{
			ID: "m-" + id(m.ID), Kind: kind, Who: m.Author.Name, At: t.moment(m.At), Lang: tk.Lang,
			Attachments: attachments(t, m.Files),
		}
		switch {
		case m.FromDesk:
			p.Role = i18n.T(t.ctx, "request.role.desk")
			if tk.Works {
				p.Role = ""
			}
			p.Lang = ""
		case tk.Works && m.Author.ID == tk.Requester.ID:
			p.Role = i18n.T(t.ctx, "request.role.asked")
		}
		text := m.Text
		if m.Minutes > 0 {
			text = wayWords(t, m.Author.Name, m.At, m.Minutes)
			p.Lang = ""
		}
		out = append(out, entry{at: m.At, message: &p, text: text})
	}
	return out
}

// noted are the team's notes. Only the desk's page calls it, and only it is
// handed the inside of a ticket.
func noted(t times, in *desk.Inside) []entry {
	out := make([]entry, 0, len(in.Notes))
	for _, n := range in.Notes {
		p := ui.MessageProps{
			ID: "n-" + id(n.ID), Kind: ui.Note, Who: n.Writer.Name, At: t.moment(n.At),
			Badge: i18n.T(t.ctx, "deskui.note"), Attachments: attachments(t, n.Papers),
		}
		out = append(out, entry{at: n.At, message: &p, text: n.Jotted})
	}
	return out
}

// inOrder puts entries in the order in which they came. What was said stands
// before what happened with it.
func inOrder(list ...[]entry) []entry {
	all := slices.Concat(list...)
	slices.SortStableFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	return all
}

// happenings are the lines of history that the conversation doesn't say
// itself. With undo, each that can be taken back gets that form.
func happenings(t times, lines []desk.Line, undo func(desk.EventID) ui.FormProps) []entry {
	var out []entry
	for _, l := range lines {
		said := l.Message != 0 || l.Note != 0 || l.Handoff != 0
		news := slices.ContainsFunc(l.Changes, func(c desk.LineChange) bool { return !redundant(l, c) })
		if said && !news && saysItself(l) || l.Key == "desk.history.created" {
			continue
		}
		h := happened{icon: historyIcon(l.Key), text: lineWords(t, l), at: t.moment(l.At)}
		if undo != nil && l.CanUndo {
			f := undo(l.Event)
			h.undo = &f
		}
		out = append(out, entry{at: l.At, event: &h})
	}
	return out
}

// saysItself are lines that the message or note beside them tells.
func saysItself(l desk.Line) bool {
	return l.Key == "desk.history.replied" || l.Key == "desk.history.noted" || l.Key == "desk.history.on_my_way" || l.Key == "desk.history.tried"
}

func historyIcon(key string) string {
	switch key {
	case "desk.history.solved", "desk.history.plan_finished", "desk.history.confirmed", "desk.history.plan_confirmed", "desk.history.closed":
		return "circle-check"
	case "desk.history.waiting":
		return "hourglass"
	case "desk.history.reopened", "desk.history.not_fixed", "desk.history.plan_not_fixed", "desk.history.resumed", "desk.history.came_back":
		return "rotate-ccw"
	case "desk.history.undone":
		return "undo-2"
	case "desk.history.handed_up":
		return "arrow-right"
	case "desk.history.handed_back":
		return "undo-2"
	case "desk.history.assigned", "desk.history.taken", "desk.history.released":
		return "user"
	case "desk.history.place_changed":
		return "map-pin"
	case "desk.history.made_private", "desk.history.made_public", "desk.history.named":
		return "lock"
	case "desk.history.followed", "desk.history.unfollowed":
		return "users"
	case "desk.history.created":
		return "inbox"
	case "desk.history.on_my_way", "desk.history.helped":
		return "hand"
	case "desk.history.promise_moved", "desk.history.promise_missed":
		return "clock"
	}
	return "circle-dot"
}

// lineWords is a line of history as a sentence, with what changed.
func lineWords(t times, l desk.Line) string {
	who := l.Who.Name
	if who == "" {
		who = i18n.T(t.ctx, "request.system")
	}
	who = desk.ForWhom(t.ctx, who, l.For)
	text := or(passWords(t, l, who), i18n.T(t.ctx, l.Key, "Who", who))
	var changes string
	for _, c := range l.Changes {
		if redundant(l, c) {
			continue
		}
		if changes != "" {
			changes += "; "
		}
		changes += changeWords(t, c, plainChange(l))
	}
	if changes == "" {
		return text
	}
	if plainChange(l) {
		return i18n.T(t.ctx, "request.happened.one", "What", text, "Changes", changes)
	}
	return i18n.T(t.ctx, "request.happened", "What", text, "Changes", changes)
}

// plainChange are lines whose sentence names the one field that changed.
func plainChange(l desk.Line) bool {
	switch l.Key {
	case "desk.history.impact_changed", "desk.history.title_changed", "desk.history.service_changed":
		return true
	}
	return false
}

// redundant are changes that the sentence itself tells.
func redundant(l desk.Line, c desk.LineChange) bool {
	switch c.Key {
	case "desk.field.state":
		return l.Key != "desk.history.undone" && l.Key != "desk.history.replied"
	case "desk.field.waiting_on":
		return c.To.Empty()
	case "desk.field.owner_team", "desk.field.follower":
		return l.Key == "desk.history.handed_up" || l.Key == "desk.history.handed_back"
	case "desk.field.owner_person":
		return l.Key == "desk.history.handed_up" || l.Key == "desk.history.handed_back" || l.Key == "desk.history.taken" || l.Key == "desk.history.released" || l.Key == "desk.history.on_my_way"
	case "desk.field.minutes":
		return l.Message != 0 // which says it
	case "desk.field.private":
		return l.Key == "desk.history.made_public"
	case "desk.field.until":
		return !waits(l) // else it is when the request closes by itself
	}
	return false
}

// waits reports whether a line put the request aside.
func waits(l desk.Line) bool {
	for _, c := range l.Changes {
		if c.Key == "desk.field.waiting_on" && !c.To.Empty() {
			return true
		}
	}
	return false
}

// changeWords are one field before and after. With bare its name is known from
// what stands before it.
func changeWords(t times, c desk.LineChange, bare bool) string {
	field := i18n.T(t.ctx, c.Key)
	from, to := valueWords(t, c.From), valueWords(t, c.To)
	if strings.HasPrefix(c.Key, "desk.field.due") {
		from, to = dueValue(t, c.From), dueValue(t, c.To)
	}
	switch {
	case bare && from == "":
		return to
	case bare && to != "":
		return i18n.T(t.ctx, "request.change.bare", "From", from, "To", to)
	case from == "":
		return i18n.T(t.ctx, "request.change.set", "Field", field, "To", to)
	case to == "":
		return i18n.T(t.ctx, "request.change.cleared", "Field", field, "From", from)
	}
	return i18n.T(t.ctx, "request.change.from", "Field", field, "From", from, "To", to)
}

// dueValue is an instant by which somebody must act: its time of day counts.
func dueValue(t times, v desk.Value) string {
	if v.At.IsZero() {
		return ""
	}
	return t.until(v.At)
}

func valueWords(t times, v desk.Value) string {
	switch {
	case v.Key != "":
		return i18n.T(t.ctx, v.Key)
	case !v.At.IsZero():
		return t.inside(v.At)
	}
	return v.Text
}

// attachments are files as a message shows them. A picture shows the copy that
// was made anew and opens it; anything else is a download.
func attachments(t times, files []desk.File) []ui.AttachmentProps {
	var out []ui.AttachmentProps
	for _, f := range files {
		a := ui.AttachmentProps{Href: filePath(f), Name: f.Name, Note: i18n.Size(t.ctx, f.Size)}
		if f.Picture {
			a.Icon = "image"
		}
		if f.Preview {
			a.Href = previewPath(f.ID)
			a.Thumb = previewPath(f.ID)
			a.Alt = i18n.T(t.ctx, "request.picture")
		}
		out = append(out, a)
	}
	return out
}

func filePath(f desk.File) string {
	name := blob.CleanName(f.Name)
	if name == "preview" { // that address is the picture's
		name = "file"
	}
	return "/files/" + id(f.ID) + "/" + url.PathEscape(name)
}

func previewPath(f desk.FileID) string { return "/files/" + id(f) + "/preview" }

// latest is when the newest line happened, in microseconds. Streams carry the
// same number, so that a page knows what it shows already.
func latest(lines []desk.Line) int64 {
	var last time.Time
	for _, l := range lines {
		if l.At.After(last) {
			last = l.At
		}
	}
	if last.IsZero() {
		return 0
	}
	return last.UnixMicro()
}
