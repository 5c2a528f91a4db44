package web

import (
	"context"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
)

// finishText is the field of the words with which a plan ends.
const finishText = "p-finish-text"

// planTag marks a plan among requests.
func planTag(ctx context.Context) ui.TagProps {
	return ui.TagProps{Text: i18n.T(ctx, "plan.tag"), Icon: "graduation-cap"}
}

// kindWords is the words of a request, or of a plan where these differ: nothing
// was broken, so nothing is fixed.
func kindWords(ctx context.Context, plan bool, request, planned string) string {
	if plan {
		return i18n.T(ctx, planned)
	}
	return i18n.T(ctx, request)
}

// planned are what a plan says besides: by when, for which class, and what it
// ended in once it is finished.
func planned(t times, p *desk.Planned) []ui.Fact {
	if p == nil {
		return nil
	}
	out := []ui.Fact{
		{Name: i18n.T(t.ctx, "plan.label.by"), Value: t.day(p.By)},
		{Name: i18n.T(t.ctx, "plan.label.class"), Value: p.Class},
	}
	if p.Outcome != "" {
		out = append(out, ui.Fact{Name: i18n.T(t.ctx, "plan.label.outcome"), Value: i18n.T(t.ctx, p.Outcome.Key())})
	}
	return out
}

// planProperties are the same in the desk's pane, where a request says what it
// stops. They stand as they were asked for.
func (p *paneMaker) planProperties(v *ticketView) {
	for _, f := range planned(p.at, p.t.Plan) {
		v.props = append(v.props, ui.PropertyProps{Label: f.Name, Value: f.Value, Locked: true})
	}
}

// nextOfPlan is the sentence of a plan that is done.
func (s standing) nextOfPlan(ctx context.Context) string {
	switch {
	case s.confirmed:
		return i18n.T(ctx, "plan.next.confirmed")
	case s.state == desk.Closed:
		return i18n.T(ctx, "plan.next.closed")
	}
	return i18n.T(ctx, "plan.next.solved")
}

// answeredPlan is what became of the promise to answer: usually nothing is
// promised about when a plan ends.
func (s *promiseTeller) answeredPlan() string {
	for _, c := range s.clocks {
		switch {
		case c.Metric != desk.First:
		case c.Stand == desk.Kept:
			return i18n.T(s.at.ctx, "plan.promise.kept")
		case c.Stand == desk.Missed:
			return i18n.T(s.at.ctx, "plan.promise.missed")
		}
	}
	return i18n.T(s.at.ctx, "request.promise.none")
}
