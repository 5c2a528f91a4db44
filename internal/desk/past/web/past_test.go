package web_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trellis/internal/desk/past"
	pastweb "trellis/internal/desk/past/web"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web/htmltest"
)

// oldDesk is what a small school's desk exported: three requests.
const oldDesk = "Ticket,Subject,Status,Created,Resolved,Site,Desk column\n" +
	"T-1,Projector dark,Closed,2024-09-03 08:10,2024-09-03 09:00,Marsh,a\n" +
	"T-2,Cannot sign in,On hold - vendor,2024-09-03 10:00,,Marsh,b\n" +
	"T-3,Printer jam,Parked,2024-09-04 07:45,2024-09-05 12:00,Orchard,a\n"

// From a file to requests and back, as a browser without scripts does it, each
// form sent twice.
func TestBringIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		contains(t, h.page(pastweb.Path).Text("main"), "No file has been brought in yet", "CSV (also compressed as .gz), XLSX or XES, up to 512 MB")
		send := h.upload("old desk.csv", oldDesk)
		at := h.to(send())
		if again := h.to(send()); again != at {
			t.Errorf("sent twice it leads to %s and %s", at, again)
		}
		page := h.page(at)
		contains(t, page.Text("#progress"), "Not brought in yet")
		contains(t, page.Text("#counts"), "3 new")
		contains(t, page.Text("#sample"), "Desk column", "Projector dark")
		contains(t, page.Text("main"), "From Sep 3, 2024 to Sep 5, 2024")
		f := page.Form("#match")
		for field, want := range map[string]string{"case": "Ticket", "title": "Subject", "status": "Status", "opened": "Created", "solved": "Resolved", "place": "Site", "team": "", "name": "old desk"} {
			if got := f.Values.Get(field); got != want {
				t.Errorf("%s is taken to be %q", field, got)
			}
		}
		// What the words mean is there to be corrected.
		values, means := f.Values["value"], f.Values["mean"]
		if !slices.Equal(values, []string{"closed", "on hold - vendor", "parked"}) || !slices.Equal(means, []string{"closed", "waiting.vendor", ""}) {
			t.Fatalf("%q mean %q", values, means)
		}
		f.Values["mean"][2] = "solved"
		f.Set("name", "Old desk").Set("zone", "America/Denver").Set("hours", "Mon-Fri 07:30-15:30").Set("closed", "2024-09-02\n2024-11-28, 2024-11-29")
		saved := h.post(f)
		page = h.follow(saved)
		if again := h.follow(h.post(f)); again.Text("#counts") != page.Text("#counts") {
			t.Error("a form sent twice is answered otherwise")
		}
		contains(t, page.Text("main"), "Saved. Below is what it would do now.")
		f = page.Form("#match")
		if f.Values["mean"][2] != "solved" || f.Values.Get("zone") != "America/Denver" || f.Values.Get("closed") != "2024-09-02\n2024-11-28\n2024-11-29" {
			t.Errorf("saved: %v", f.Values)
		}
		// Another status column has other words.
		other := h.follow(h.post(page.Form("#match").Set("sub", "Desk column")))
		if got := other.Form("#match").Values["value"]; !slices.Equal(got, []string{"a", "b", "closed", "on hold - vendor", "parked"}) {
			t.Errorf("the words of two columns: %q", got)
		}
		back := other.Form("#match").Set("sub", "")
		page = h.follow(h.post(back))
		// Who saw what it was before can't begin what it is now.
		old := page.Form("#begin")
		f = page.Form("#match")
		f.Values["mean"] = append(slices.Clone(f.Values["mean"][:len(f.Values["mean"])-1]), "solved")
		page = h.follow(h.post(f))
		contains(t, htmltest.FromRecorder(t, h.post(old), 412).Text("main"), "3 new")
		if n := h.tickets(); n != 0 {
			t.Fatalf("%d are here already", n)
		}
		contains(t, page.Text("#begin"), "Bring in 3 requests")
		begin := page.Form("#begin")
		page = h.follow(h.post(begin))
		contains(t, page.Text("#progress"), "Being brought in", "You can close this page")
		if page.Link("Look again") != at || page.One("#progress").Attr("data-hx-trigger") != "every 2s" {
			t.Error("the page does not follow")
		}
		if rec := h.get(h.rosa, at, "HX-Request", "true", "HX-Target", "div#progress"); rec.Header().Get("HX-Refresh") != "" || !strings.Contains(rec.Body.String(), `id="progress"`) || strings.Contains(rec.Body.String(), "<h1") {
			t.Errorf("the part alone: %v %s", rec.Header(), rec.Body)
		}
		h.to(h.post(begin)) // clicked twice
		// Stopped before it did anything, and gone on with.
		page = h.follow(h.post(page.Form("#stop")))
		contains(t, page.Text("#progress"), "Stopped at 0%")
		h.follow(h.post(page.Form("#begin").Press("Go on")))
		h.drain()
		if rec := h.get(h.rosa, at, "HX-Request", "true", "HX-Target", "div#progress"); rec.Header().Get("HX-Refresh") != "true" {
			t.Error("a page that follows does not learn that it has ended")
		}
		page = h.page(at)
		contains(t, page.Text("#progress"), "Brought in", "3 new")
		contains(t, page.Text("main"), "Undo removes the 3 requests that came in with this file")
		if !strings.HasPrefix(page.Link("How support flowed"), "/steer/flow?source=") || h.tickets() != 3 {
			t.Errorf("%d are here", h.tickets())
		}
		contains(t, h.page(pastweb.Path).Text("#runs"), "old desk.csv Brought in 3 new Old desk", "Rosa Delgado")
		// The same file once more has nothing to bring.
		again := h.follow(h.upload("old desk.csv", oldDesk)())
		same := again.Form("#match").Set("name", "Old desk").Set("zone", "America/Denver")
		same.Values["mean"] = []string{"closed", "waiting.vendor", "solved"}
		again = h.follow(h.post(same))
		contains(t, again.Text("#counts"), "0 new, 3 here already")
		contains(t, again.Text("#why"), "Everything in this file is here already")
		if again.Has("#begin") {
			t.Error("it can be brought in again")
		}
		list := h.follow(h.post(again.Form("#drop")))
		contains(t, list.Text("main"), "The file was forgotten")
		// And back.
		undo := h.page(at).Form("#undo")
		contains(t, h.follow(h.post(undo)).Text("#progress"), "Being taken back")
		h.to(h.post(undo))
		h.drain()
		contains(t, h.page(at).Text("#progress"), "What this file brought was taken back")
		if h.tickets() != 0 {
			t.Errorf("%d stayed", h.tickets())
		}
	})
}

// What is wrong with a file is said by row and column, and nothing comes in.
func TestBadFiles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for name, c := range map[string]struct{ content, row, column string }{
			"two headers.csv": {oldDesk + "Ticket,Subject,Status,Created,Resolved,Site,Desk column\nT-4,Late,Closed,2024-09-06 08:00,,Marsh,\n", "5", "–"},
			"mixed dates.csv": {oldDesk + "T-4,Late,Closed,9/6/2024 8:00,,Marsh,a\n", "5", "Created"},
			"backwards.csv":   {oldDesk + "T-4,Late,Closed,2024-09-06 08:00,2024-09-05 08:00,Marsh,a\n", "5", "Resolved"},
		} {
			at := h.to(h.upload(name, c.content)())
			page := h.page(at)
			contains(t, page.Text("#counts"), "1 row not understood")
			cells := page.Texts("#problems tbody tr:first-child > *")
			if cells[0] != c.row || cells[1] != c.column || len(cells[2]) < 20 {
				t.Errorf("%s: %q", name, cells)
			}
			if page.Has("#begin") {
				t.Errorf("%s can be brought in", name)
			}
			contains(t, page.Text("#why"), "some rows are not understood")
			// Row 5 of the file is also in the table to work through.
			rec := h.get(h.rosa, page.Link("Download them as a table (CSV)"))
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(rec.Body.String(), "\ufeff"))).ReadAll()
			must(t, err)
			if len(rows) != 2 || rows[0][0] != "Row" || rows[1][0] != c.row || rows[1][3] == "" || !strings.Contains(rec.Header().Get("Content-Disposition"), "not-understood.csv") {
				t.Errorf("%s: %q %v", name, rows, rec.Header())
			}
			// Begun all the same, it comes to nothing, and says why.
			f := page.Form("#drop")
			f.Action = at + "/begin"
			h.to(h.post(f))
			h.drain()
			page = h.page(at)
			contains(t, page.Text("#progress"), "Not understood", "Nothing of this file was brought in")
			if got := page.Text("#problems tbody tr:first-child > th"); got != c.row || page.Has("#begin") || h.tickets() != 0 {
				t.Errorf("%s: row %s, %d are here", name, got, h.tickets())
			}
			// The good rows come in where that is wanted.
			f = page.Form("#match")
			f.Values.Set("good", "1")
			page = h.follow(h.post(f))
			h.follow(h.post(page.Form("#begin")))
			h.drain()
			page = h.page(at)
			contains(t, page.Text("#progress"), "1 row not understood")
			if got := page.Text("#problems tbody tr:first-child > th"); got != c.row {
				t.Errorf("%s: row %s", name, got)
			}
			h.post(page.Form("#undo"))
			h.drain()
		}
		pdf := htmltest.FromRecorder(t, h.upload("report.pdf", "%PDF-1.7\n%âãÏÓ\n1 0 obj")(), 422)
		if len(pdf.Text("#upload .err")) < 20 {
			t.Errorf("a PDF: %s", pdf.Text("main"))
		}
		none := h.page(pastweb.Path).Form("#upload")
		contains(t, htmltest.FromRecorder(t, h.post(none), 422).Text("#upload"), "Choose a file first")
		if h.tickets() != 0 {
			t.Errorf("%d are here", h.tickets())
		}
	})
}

// A slip in the form comes back with all that was typed, and another's change
// is not written over.
func TestMatchForm(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.to(h.upload("old.csv", oldDesk)())
		f := h.page(at).Form("#match").Set("zone", "Mars/Olympus").Set("hours", "always").Set("name", "").Set("closed", "soon").Set("title", "")
		page := htmltest.FromRecorder(t, h.post(f), 422)
		for _, field := range []string{"zone", "hours", "name", "closed"} {
			if page.Text("#f-"+field+"-error") == "" {
				t.Errorf("nothing is said of %s", field)
			}
		}
		again := page.Form("#match")
		if again.Values.Get("zone") != "Mars/Olympus" || again.Values.Get("closed") != "soon" || again.Values.Get("title") != "" || again.Values.Get("case") != "Ticket" {
			t.Errorf("what was typed is lost: %v", again.Values)
		}
		mine, theirs := h.page(at).Form("#match").Set("title", "Site"), h.page(at).Form("#match").Set("title", "")
		h.to(h.post(theirs))
		page = htmltest.FromRecorder(t, h.post(mine), 412)
		if got := page.Form("#match").Values.Get("title"); got != "Site" || page.Text("#f-title-error") == "" {
			t.Errorf("%q: %s", got, page.Text("#match"))
		}
		h.to(h.post(page.Form("#match"))) // sent again, it is meant
		// A preset is of one export; the guess can be had back.
		p := h.page(at).Form("#preset")
		p.Values.Set("preset", "bpic13")
		contains(t, htmltest.FromRecorder(t, h.post(p), 422).Text("#preset"), "This file is no export of Incident log of the BPI Challenge 2013")
		p = h.page(at).Form("#preset")
		p.Values.Set("preset", "")
		if got := h.follow(h.post(p)).Form("#match").Values.Get("title"); got != "Subject" {
			t.Errorf("guessed anew the title is %q", got)
		}
		p = h.page(at).Form("#preset")
		p.Values.Set("preset", "nobody's")
		htmltest.FromRecorder(t, h.post(p), 422)
		zen := h.follow(h.upload("tickets.csv", "Id,Requester,Assignee,Created at,Solved at,Group stations,Status\n7,Ann,Bo,2024-09-03 08:10,,1,Open\n")())
		if got := zen.Form("#match").Values.Get("name"); got != "zendesk" || zen.Form("#match").Values.Get("opened") != "Created at" {
			t.Errorf("%v", zen.Form("#match").Values)
		}
	})
}

// A large file is not read as a whole before somebody asks for it.
func TestLargeFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var b strings.Builder
		b.WriteString(oldDesk)
		for i := range 24 {
			fmt.Fprintf(&b, "L-%d,Long,Closed,2024-09-03 08:10,,Marsh,%s\n", i, strings.Repeat("x", 60_000))
		}
		for i := 0; b.Len() <= 21<<20; i++ {
			fmt.Fprintf(&b, "M-%d,More,Closed,2024-09-03 08:10,,Marsh,%s\n", i, strings.Repeat("x", 60_000))
		}
		at := h.to(h.upload("large.csv", b.String())())
		page := h.page(at)
		if page.Has("#counts") || !page.Has("#begin") {
			t.Error("all of it was read")
		}
		contains(t, page.Text("#sample"), "Projector dark")
		read, _, _ := strings.Cut(page.Link("Read the whole file and say what it would do"), "#")
		contains(t, h.page(read).Text("#counts"), "new")
	})
}

// Who does not run Trellis finds nothing here.
func TestOthers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.to(h.upload("old.csv", oldDesk)())
		for _, path := range []string{pastweb.Path, at, at + "/problems.csv"} {
			if rec := h.get(h.sam, path); rec.Code != 404 || strings.Contains(rec.Body.String(), "old.csv") {
				t.Errorf("%s by who works the desk: %d", path, rec.Code)
			}
			if rec := h.get("", path); rec.Code != 303 {
				t.Errorf("%s by nobody: %d", path, rec.Code)
			}
		}
		for _, path := range []string{pastweb.Path + "/999", pastweb.Path + "/x", pastweb.Path + "/999/problems.csv"} {
			if rec := h.get(h.rosa, path); rec.Code != 404 {
				t.Errorf("%s: %d", path, rec.Code)
			}
		}
		for _, action := range []string{"begin", "map", "drop", "undo", "stop"} {
			f := h.page(at).Form("#drop")
			f.Action = at + "/" + action
			if rec := h.send(h.sam, f.Request("http://jv.example/")); rec.Code != 404 {
				t.Errorf("%s by who works the desk: %d", action, rec.Code)
			}
		}
		// What can't be done now says so, on the page.
		f := h.page(at).Form("#drop")
		f.Action = at + "/stop"
		contains(t, htmltest.FromRecorder(t, h.post(f), 409).Text("main"), "so there is nothing to stop")
	})
}

// A file that was read at the command line is shown too, though it is not here
// to be looked into or gone on with.
func TestFromTheCommandLine(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := filepath.Join(t.TempDir(), "bad.csv")
		must(t, os.WriteFile(path, []byte(strings.Replace(oldDesk, "2024-09-03 09:00", "soon", 1)), 0o600))
		run, err := h.past.BringFile(policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI)), past.BringFile{Path: path, Map: &past.Map{Case: "Ticket", Status: "Status", Opened: "Created", Solved: "Resolved"}})
		must(t, err)
		page := h.page(fmt.Sprintf("%s/%d", pastweb.Path, run.ID))
		contains(t, page.Text("#problems"), "Resolved", "“soon” is not a date")
		if page.Has("#match") || page.Has("#begin") {
			t.Error("it can be changed")
		}
		must(t, h.db.Write(policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI)), "stop", func(tx *db.Tx) error {
			tx.Unlogged("a test's accident")
			_, err := tx.Exec(`UPDATE desk_past_run SET state = 'stopped' WHERE id = $1`, run.ID)
			return err
		}))
		page = h.page(fmt.Sprintf("%s/%d", pastweb.Path, run.ID))
		contains(t, page.Text("#why"), "repeat the command that read it")
		if page.Has("#begin") {
			t.Error("it can be gone on with here")
		}
	})
}
