package desk_test

import (
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

func TestPlanWithAClass(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.library()
		made := must[desk.Created](t)(w.desk.CreatePlan(w.as(w.tessa), plan))
		if made.Team != "Marsh library" || made.Person != "Dana Librarian" {
			t.Errorf("goes to %+v", made)
		}
		w.write(func(tx *db.Tx) {
			w.exec(tx, `INSERT INTO district_path (plan, tier, team) VALUES (TRUE, 2, $1)`, w.help)
		})
		expected := must[desk.ExpectedPlan](t)(w.desk.ExpectPlan(w.as(w.tessa), w.marsh))
		if expected.Team != "Help desk" {
			t.Errorf("with coaches it would go to %+v", expected)
		}
		id := must[desk.Created](t)(w.desk.CreatePlan(w.as(w.tessa), plan)).ID
		got := w.find(w.tessa, id)
		if got.TeamName != "Help desk" || got.Kind != desk.Plan || got.Plan == nil || got.Plan.By != plan.By || got.Plan.Class != plan.Class || got.Impact != desk.Question || got.Title != plan.Goal {
			t.Errorf("%+v %+v", got, got.Plan)
		}
		if page := must[desk.Page](t)(w.desk.ListTickets(w.as(w.sam), desk.Query{View: desk.Places})); len(page.Items) != 2 || page.Items[0].Kind != desk.Plan {
			t.Errorf("listed %+v", page.Items)
		}
		// A promise of its own, whatever questions get.
		clocks := must[[]desk.Clock](t)(w.desk.Explain(w.as(w.tessa), id))
		if len(clocks) != 2 || clocks[0].Metric != desk.First || clocks[0].Target != 16*time.Hour || clocks[1].Stand != desk.Unplanned || !clocks[0].Due.Equal(expected.AnswerBy) {
			t.Errorf("promised %+v", clocks)
		}
		if err := w.desk.SetPromises(w.as(w.admin), []desk.Promise{{Impact: desk.PlanPromise, First: 24 * time.Hour, Next: 8 * time.Hour}}); err != nil {
			t.Fatal(err)
		}
		if err := w.desk.Sweep(system()); err != nil {
			t.Fatal(err)
		}
		if clocks := must[[]desk.Clock](t)(w.desk.Explain(w.as(w.tessa), id)); clocks[0].Target != 24*time.Hour {
			t.Errorf("promised %+v", clocks)
		}

		// It is no repair: nobody solves it or says how much it stops.
		for what, err := range map[string]error{
			"impact": second(w.desk.ChangeImpact(w.as(w.sam), id, 0, desk.Stopped)),
			"solve":  second(w.desk.Solve(w.as(w.sam), id, 0, words)),
			"finish": second(w.desk.FinishPlan(w.as(w.sam), desk.FinishPlan{Ticket: w.ask(w.tessa, "x"), Outcome: desk.Visit, Words: words})),
		} {
			if !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := second(w.desk.ConfirmFixed(w.as(w.tessa), id, desk.Words{})); !errs.Is(err, errs.Conflict) {
			t.Errorf("fixed by itself: %v", err)
		}
		_, err := w.desk.FinishPlan(w.as(w.sam), desk.FinishPlan{Ticket: id, Outcome: "party", Words: words})
		invalidField(t, err, "outcome", "field.unknown_choice")
		_, err = w.desk.FinishPlan(w.as(w.sam), desk.FinishPlan{Ticket: id, Outcome: desk.Visit})
		invalidField(t, err, "text", "field.required")

		w.must(w.desk.FinishPlan(w.as(w.sam), desk.FinishPlan{Ticket: id, Outcome: desk.Visit, Words: desk.Words{Text: "I come on Tuesday with six microphones"}}))
		for _, p := range []person{w.tessa, w.sam} {
			got := w.find(p, id)
			if l := w.lines(p, id); got.State != desk.Solved || got.Plan.Outcome != desk.Visit || !strings.Contains(l[len(l)-1], "plan_finished state:desk.state.open>desk.state.solved") || !strings.Contains(l[len(l)-1], "outcome:>desk.outcome.visit") {
				t.Errorf("%s reads %+v, %q", p.name, got.Plan, l)
			}
		}
		if s := whys(w.told(w.tessa)); !strings.HasPrefix(s, "plan_finished") {
			t.Errorf("the teacher was told %q", s)
		}
		w.must(w.desk.ConfirmFixed(w.as(w.tessa), id, desk.Words{}))
		if l := w.lines(w.sam, id); !strings.Contains(l[len(l)-1], "plan_confirmed") {
			t.Errorf("confirmed: %q", l)
		}
		w.must(w.desk.Reopen(w.as(w.sam), id, 0))
		if got := w.find(w.tessa, id); got.Plan.Outcome != "" || !got.May(desk.ActReply) || w.find(w.sam, id).May(desk.ActSolve) {
			t.Errorf("opened again: %+v", got.Plan)
		}

		// What opened it again can be taken back: it ended in the same.
		undo := func(p person, when string) {
			t.Helper()
			h := w.history(p, id)
			if last := h[len(h)-1]; !last.CanUndo || second(w.desk.Undo(w.as(p), id, last.Event)) != nil {
				t.Errorf("%s: %+v is not taken back: %v", when, last, second(w.desk.Undo(w.as(p), id, last.Event)))
			}
			if got := w.find(w.tessa, id); got.State != desk.Solved || got.Plan.Outcome != desk.Visit {
				t.Errorf("%s: %s %+v", when, got.State, got.Plan)
			}
		}
		undo(w.sam, "opened again")
		w.must(w.desk.NotFixed(w.as(w.tessa), id, desk.Words{}))
		undo(w.tessa, "not yet, says who asked")
		w.must(w.desk.NotFixed(w.as(w.tessa), id, desk.Words{Text: "More, please"}))
		undo(w.sam, "not yet, says the desk")
	})
}

func TestPlanRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct {
			field, key string
			change     func(*desk.CreatePlan)
		}{
			{"text", "field.required", func(c *desk.CreatePlan) { c.Goal = " " }},
			{"class", "field.required", func(c *desk.CreatePlan) { c.Class = "" }},
			{"by", "field.required", func(c *desk.CreatePlan) { c.By = worktime.Date{} }},
			{"by", "field.invalid", func(c *desk.CreatePlan) { c.By.Day = 40 }},
			{"by", "desk.plan.past", func(c *desk.CreatePlan) { c.By = worktime.Date{Year: 2026, Month: 3, Day: 1} }},
			{"by", "desk.plan.too_far", func(c *desk.CreatePlan) { c.By.Year = 2029 }},
		} {
			bad := plan
			c.change(&bad)
			_, err := w.desk.CreatePlan(w.as(w.tessa), bad)
			invalidField(t, err, c.field, c.key)
		}
		today := plan
		today.By = worktime.Date{Year: 2026, Month: 3, Day: 2}
		w.must(w.desk.CreatePlan(w.as(w.tessa), today))
		if err := second(w.desk.CreatePlan(w.as(w.kim), plan)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a student plans: %v", err)
		}
	})
}
