package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"trellis/internal/app"
	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/job"
)

// The doctor names the command by which jobs that gave up are seen, and that
// command lists them with their reason, tries them again or drops them. While
// somebody serves the district it changes nothing.
func TestJobsThatGaveUp(t *testing.T) {
	data := t.TempDir()
	if out, err := command(t, "--data", data, "district", "add", "marsh", "--base-url", "http://marsh.example"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d, err := app.OpenDistrict(t.Context(), app.Options{Slug: "marsh", Folder: filepath.Join(data, "d", "marsh")})
	if err != nil {
		t.Fatal(err)
	}
	ctx := app.AsSystem(t.Context())
	ids := make([]int64, 2)
	err = d.DB.Write(ctx, "enqueue", func(tx *db.Tx) (err error) {
		tx.Unlogged("a test's job")
		for i := range ids {
			if ids[i], err = job.Enqueue(tx, job.New{Kind: desk.PreviewJob, Args: "no file at all"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := d.Jobs.Drain(ctx); err != nil || n != 2 {
		t.Fatalf("%d jobs ran, %v", n, err)
	}
	if out, err := command(t, "--data", data, "jobs", "--retry-all"); err == nil || !strings.Contains(err.Error(), "another Trellis is running") {
		t.Errorf("jobs were changed under a running server: %v\n%s", err, out)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}

	out, err := command(t, "--data", data, "doctor")
	if err == nil || !strings.Contains(out, "2 jobs gave up") || !strings.Contains(out, "`trellis jobs`") || !strings.Contains(out, "`trellis jobs --retry ") {
		t.Errorf("the doctor says %v\n%s", err, out)
	}
	out, err = command(t, "--data", data, "jobs")
	if err != nil || strings.Count(out, "attempt 1  args of job") != 2 {
		t.Errorf("the list says %v\n%s", err, out)
	}
	if out, err := command(t, "--data", data, "jobs", "--retry", "4711", "--drop", fmt.Sprint(ids[0])); err == nil || !strings.Contains(err.Error(), "job 4711 does not exist") {
		t.Errorf("a job that there is not: %v\n%s", err, out)
	}
	if out, err := command(t, "--data", data, "jobs", "--retry", fmt.Sprint(ids[1]), "--drop", fmt.Sprint(ids[0])); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := command(t, "--data", data, "doctor"); err != nil {
		t.Errorf("the doctor says %v\n%s", err, out)
	}
	if out, _ := command(t, "--data", data, "district", "list"); !strings.Contains(out, "due 2") {
		t.Errorf("nothing is due in spite of the job that waits:\n%s", out)
	}

	src, err := app.OpenSource(t.Context(), "marsh", filepath.Join(data, "d", "marsh"), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if err := src.DB.Read(t.Context(), func(tx *db.Tx) error {
		for i, want := range []job.State{job.Cancelled, job.Available} {
			j, err := job.Get(tx, ids[i])
			if err != nil {
				return err
			}
			if j.State != want {
				t.Errorf("job %d is %s, want %s", i, j.State, want)
			}
		}
		log, err := event.Of(tx, event.Ref{Kind: "job", ID: ids[1]})
		if err == nil && (len(log) != 2 || log[1].Kind != "job.retried") {
			t.Errorf("the log says %+v", log)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
