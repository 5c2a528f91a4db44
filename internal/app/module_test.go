package app

import (
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// holdsHash is the name of a column that names an attachment.
var holdsHash = regexp.MustCompile(`(^|_)(hash|preview|blob|thumbnail|picture|attachment)$`)

// A module whose rows name attachments says which, or they would be swept. A
// text that is called so names one; secrets are kept as bytes.
func TestEveryAttachmentIsNamed(t *testing.T) {
	d, err := OpenDistrict(t.Context(), Options{Slug: "marsh", Folder: filepath.Join(t.TempDir(), "d"), BaseURL: &url.URL{Scheme: "http", Host: "marsh.example"}})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	have := map[string]bool{}
	for _, m := range modules() {
		have[m.Name] = m.Blobs != nil
	}
	found := 0
	err = d.DB.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT l.name, c.name, c.type FROM pragma_table_list l JOIN pragma_table_info(l.name) c WHERE l.schema = 'main' AND l.type = 'table'`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table, column, kind string
			if err := rows.Scan(&table, &column, &kind); err != nil {
				return err
			}
			if kind != "TEXT" || !holdsHash.MatchString(column) {
				continue
			}
			owner, _, _ := strings.Cut(table, "_")
			if found++; !have[owner] {
				t.Errorf("%s.%s seems to name attachments, and module %q gives no Blobs: they would be removed after two days", table, column, owner)
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Fatal("no column names attachments: the test looks for the wrong names")
	}
}

// A notice leads to what it is about: a request, or the list where new
// requests of a team wait or private ones lie.
func TestNoticesLeadSomewhere(t *testing.T) {
	for about, want := range map[event.Ref]string{
		{Kind: desk.SubjectTicket, ID: 1001}: "/r/1001",
		{Kind: "team", ID: 3}:                "/desk/unassigned",
		{Kind: "private"}:                    "/desk/private",
		{Kind: "covering", ID: 3}:            "/desk/mine",
		{Kind: "job", ID: 3}:                 "",
	} {
		if got := noticeHref(about); got != want {
			t.Errorf("a notice about %s leads to %q, want %q", about.Kind, got, want)
		}
	}
}
