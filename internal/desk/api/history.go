package api

import (
	"context"
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
	Text    string          `json:"text"`
	Who     *person         `json:"who,omitempty" doc:"Absent: Trellis itself."`
	Changes []historyChange `json:"changes"`
	CanUndo bool            `json:"can_undo"`
}

type historyChange struct {
	Field string `json:"field"`
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
		line := historyLine{Event: int64(l.Event), At: l.At, Text: i18n.T(ctx, l.Key, "Who", l.Who.Name), Who: personOf(l.Who), Changes: []historyChange{}, CanUndo: l.CanUndo}
		for _, c := range l.Changes {
			line.Changes = append(line.Changes, historyChange{Field: i18n.T(ctx, c.Key), From: value(ctx, c.From), To: value(ctx, c.To)})
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
