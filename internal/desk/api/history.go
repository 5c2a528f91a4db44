package api

import (
	"context"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
)

type historyOut struct {
	Body struct {
		Lines []historyLine `json:"lines"`
	}
}

// historyLine is one thing that happened, in words of the reader's language.
type historyLine struct {
	Event   int64           `json:"event"`
	At      time.Time       `json:"at"`
	Kind    string          `json:"kind" doc:"What happened, for programs." example:"assigned"`
	Text    string          `json:"text" doc:"The same in words of the reader's language."`
	Who     *person         `json:"who,omitempty" doc:"Absent: Trellis itself."`
	For     *person         `json:"for,omitempty" doc:"Whom they acted for: the owner, who was away."`
	Changes []historyChange `json:"changes"`
	Message int64           `json:"message,omitempty" doc:"What was said with it, by its id in the conversation."`
	Note    int64           `json:"note,omitempty" doc:"What was written down, by its id."`
	Handoff int64           `json:"handoff,omitempty" doc:"Which of list-handoffs it was or is about; for those who work on it alone."`
	CanUndo bool            `json:"can_undo"`
}

type historyChange struct {
	Name  string `json:"name" doc:"The field, for programs." example:"owner_person"`
	Field string `json:"field" doc:"The same in words of the reader's language."`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

func (o operations) history(ctx context.Context, in *byID) (*historyOut, error) {
	list, err := o.desk.History(ctx, ticketID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &historyOut{}
	out.Body.Lines = []historyLine{}
	for _, l := range list {
		line := historyLine{Event: int64(l.Event), At: l.At, Kind: strings.TrimPrefix(l.Key, "desk.history."), Text: i18n.T(ctx, l.Key, "Who", desk.ForWhom(ctx, l.Who.Name, l.For)), Who: personOf(l.Who), For: personOf(l.For), Changes: []historyChange{},
			Message: int64(l.Message), Note: int64(l.Note), Handoff: int64(l.Handoff), CanUndo: l.CanUndo}
		for _, c := range l.Changes {
			line.Changes = append(line.Changes, historyChange{Name: strings.TrimPrefix(c.Key, "desk.field."), Field: i18n.T(ctx, c.Key), From: value(ctx, c.From), To: value(ctx, c.To)})
		}
		out.Body.Lines = append(out.Body.Lines, line)
	}
	return out, nil
}

// value is a field's value as text; instants as they are written in JSON.
func value(ctx context.Context, v desk.Value) string {
	switch {
	case v.Key != "":
		return i18n.T(ctx, v.Key)
	case !v.At.IsZero():
		return v.At.Format(time.RFC3339)
	}
	return v.Text
}
