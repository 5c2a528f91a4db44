package desk_test

import (
	"testing"

	"trellis/internal/desk"
)

func TestOneRequest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{
			Text: "Nobody in 7B can get past the sign-in page\nIt goes in circles.", Impact: desk.Stopped, Service: w.signIn,
		}))
		if made.Team != "Network" || made.Person != "Nora Network" || made.InBuilding || !made.Present {
			t.Errorf("sent to %+v", made)
		}
		got := w.find(w.tessa, made.ID)
		if got.Title != "Nobody in 7B can get past the sign-in page" || got.Place.SiteShort != "Marsh" || got.Contact != "(555) 0142" || !got.NeedsAnswer || got.Inside != nil {
			t.Errorf("%+v", got)
		}
		ok(t, nil, second(w.desk.Take(w.as(w.nora), made.ID)))
		ok(t, nil, second(w.desk.Reply(w.as(w.nora), made.ID, desk.Words{Text: "Use the guest code"})))
		ok(t, nil, second(w.desk.AddNote(w.as(w.nora), made.ID, "roster sync again", nil)))
		ok(t, nil, second(w.desk.Solve(w.as(w.nora), made.ID, 0, desk.Words{})))
		ok(t, nil, second(w.desk.ConfirmFixed(w.as(w.tessa), made.ID, desk.Words{})))
		got = w.find(w.nora, made.ID)
		if got.State != desk.Solved || !got.Confirmed || len(got.Messages) != 2 || got.Inside == nil || len(got.Inside.Notes) != 1 {
			t.Errorf("%+v", got)
		}
		ok(t, nil, second(w.desk.History(w.as(w.nora), made.ID)))
		ok(t, nil, second(w.desk.ListTickets(w.as(w.nora), desk.Query{State: desk.Solved})))
		ok(t, nil, second(w.desk.Counts(w.as(w.nora))))
		ok(t, nil, second(w.desk.MyRequests(w.as(w.tessa), "")))
		found := must[desk.Found](t)(w.desk.Search(w.as(w.nora), "guest", ""))
		if found.Total != 1 {
			t.Errorf("%+v", found)
		}
		for _, v := range desk.Views {
			for _, s := range desk.Sorts {
				ok(t, nil, second(w.desk.ListTickets(w.as(w.nora), desk.Query{View: v, Sort: s, State: desk.Waiting})))
			}
		}
		ok(t, nil, second(w.desk.CloseExpired(system())))
	})
}

func second[T any](_ T, err error) error { return err }
