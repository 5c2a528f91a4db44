package desk_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/job"
)

func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := must[desk.File](t)(w.desk.AddFile(w.as(w.tessa), `..\..\<b>screen</b>.TXT`, strings.NewReader("it is black")))
		if a.Name != "b_.TXT" && strings.ContainsAny(a.Name, `<>/\`) || a.Type != "text/plain" || a.Size != 11 || a.Picture {
			t.Errorf("%+v", a)
		}
		opens := func(p person, f desk.FileID) string {
			c, err := w.desk.OpenFile(w.as(p), f)
			if err != nil {
				return errs.KindOf(err).String()
			}
			defer c.Close()
			raw, _ := io.ReadAll(c)
			return string(raw)
		}
		if got := opens(w.tessa, a.ID) + " " + opens(w.admin, a.ID) + " " + opens(w.sam, a.ID); got != "it is black not_found not_found" {
			t.Errorf("a draft is its uploader's alone: %s", got)
		}
		id := w.ask(w.luis, "mine")
		// Somebody else's file can't be taken, nor one twice, and nothing is
		// half done.
		for what, err := range map[string]error{
			"another's": second(w.desk.Reply(w.as(w.luis), id, desk.Words{Text: "x", Files: []desk.FileID{a.ID}})),
			"none":      second(w.desk.CreateTicket(w.as(w.luis), desk.CreateTicket{Text: "x", Files: []desk.FileID{999}})),
			"note":      second(w.desk.AddNote(w.as(w.sam), id, "", []desk.FileID{a.ID})),
		} {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if n := w.count(`SELECT (SELECT count(*) FROM desk_ticket) + (SELECT count(*) FROM desk_message) + (SELECT count(*) FROM desk_note)`); n != 2 {
			t.Errorf("%d rows, half a command is there", n)
		}
		mine := w.ask(w.tessa, "", func(c *desk.CreateTicket) { c.Files = []desk.FileID{a.ID, a.ID} })
		if got := w.find(w.dana, mine); got.Title == "" || len(got.Messages[0].Files) != 1 || opens(w.dana, a.ID) != "it is black" || opens(w.priya, a.ID) != "not_found" {
			t.Errorf("%+v", got)
		}
		if err := second(w.desk.Reply(w.as(w.tessa), mine, desk.Words{Files: []desk.FileID{a.ID}})); !errs.Is(err, errs.Invalid) {
			t.Errorf("used twice: %v", err)
		}
		// A note's file is the desk's.
		b := w.upload(w.sam, "log.txt", "secret")
		w.must(w.desk.AddNote(w.as(w.sam), mine, "", []desk.FileID{b}))
		if got := opens(w.dana, b) + " " + opens(w.tessa, b); got != "secret not_found" {
			t.Errorf("a note's file: %s", got)
		}
		if got := w.find(w.dana, mine); len(got.Inside.Notes[0].Papers) != 1 || len(got.Messages[0].Files) != 1 {
			t.Errorf("%+v", got)
		}
		for what, c := range map[string]struct {
			r    io.Reader
			want errs.Kind
		}{
			"empty": {strings.NewReader(""), errs.Invalid},
			"huge":  {io.LimitReader(endless{}, desk.MaxFileSize+1), errs.TooLarge},
		} {
			if _, err := w.desk.AddFile(w.as(w.tessa), "x", c.r); errs.KindOf(err) != c.want {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := w.desk.AddFile(w.as(w.tessa), "x", io.MultiReader(strings.NewReader("half"), broken{})); err == nil {
			t.Error("half a file was taken")
		}
	})
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestDraftsEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var last error
		n := 0
		for ; n < 60 && last == nil; n++ {
			_, last = w.desk.AddFile(w.as(w.tessa), "x.txt", strings.NewReader(strings.Repeat("x", n+1)))
		}
		if !errs.Is(last, errs.Throttled) || n != 41 {
			t.Fatalf("after %d files: %v", n, last)
		}
		kept := w.upload(w.luis, "kept.txt", "x") // the same bytes as one of hers
		id := w.ask(w.luis, "look", func(c *desk.CreateTicket) { c.Files = []desk.FileID{kept} })
		w.clock.Advance(desk.DraftLife - time.Second)
		if n := must[int](t)(w.desk.SweepFiles(system())); n != 0 {
			t.Errorf("%d swept early", n)
		}
		w.clock.Advance(2 * time.Second)
		if n := must[int](t)(w.desk.SweepFiles(system())); n != 40 {
			t.Errorf("%d swept", n)
		}
		hashes := map[string]bool{}
		if err := w.d.Read(system(), func(tx *db.Tx) error { return desk.EachBlob(tx, func(h string) { hashes[h] = true }) }); err != nil {
			t.Fatal(err)
		}
		if len(hashes) != 1 || len(w.find(w.luis, id).Messages[0].Files) != 1 {
			t.Errorf("%d blobs are in use", len(hashes))
		}
		w.must(w.desk.AddFile(w.as(w.tessa), "x.txt", strings.NewReader("again")))
	})
}

func TestPreview(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var raw bytes.Buffer
		if err := png.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
			t.Fatal(err)
		}
		good := must[desk.File](t)(w.desk.AddFile(w.as(w.tessa), "photo.png", bytes.NewReader(raw.Bytes())))
		// A picture by its first bytes and name, and no picture.
		head, _ := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUg==")
		bad := must[desk.File](t)(w.desk.AddFile(w.as(w.tessa), "bad.png", bytes.NewReader(head)))
		if !good.Picture || good.Preview || !bad.Picture {
			t.Errorf("%+v, %+v", good, bad)
		}
		if _, err := w.desk.OpenPreview(w.as(w.tessa), good.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("not made yet: %v", err)
		}
		r := job.NewRunner(w.d, slog.New(slog.DiscardHandler), job.Options{Node: "test"})
		w.desk.RegisterJobs(r)
		if n, err := r.Drain(t.Context()); err != nil || n != 2 {
			t.Fatalf("%d jobs, %v", n, err)
		}
		id := w.ask(w.tessa, "", func(c *desk.CreateTicket) { c.Files = []desk.FileID{good.ID, bad.ID} })
		files := w.find(w.dana, id).Messages[0].Files
		if !files[0].Preview || files[1].Preview {
			t.Errorf("%+v", files)
		}
		c := must[*desk.Content](t)(w.desk.OpenPreview(w.as(w.dana), good.ID))
		defer c.Close()
		if _, format, err := image.Decode(c); err != nil || format != "jpeg" || c.Type != "image/jpeg" {
			t.Errorf("%s %s %v", format, c.Type, err)
		}
		if _, err := w.desk.OpenPreview(w.as(w.priya), good.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a stranger: %v", err)
		}
		if n := w.count(`SELECT count(*) FROM event WHERE kind = 'file.previewed'`); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}
