package main

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that is not understood says where and why, and leaves an empty folder
// empty.
func TestBadHistory(t *testing.T) {
	const head = "Ticket,Status,Opened,Solved\n"
	const good = "T-1,Closed,2025-09-02 08:10,2025-09-02 09:40\nT-2,Closed,2025-09-14 08:10,2025-09-15 09:40\n"
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	huge := write("huge.csv", head)
	if err := os.Truncate(huge, 5<<30); err != nil { // takes no room
		t.Fatal(err)
	}
	var packed strings.Builder
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(head + good)); err != nil {
		t.Fatal(err)
	}
	_ = z.Flush() // and no end
	for name, c := range map[string]struct {
		args []string
		says []string
	}{
		"two headers":           {[]string{write("two.csv", head+good+head+good)}, []string{"row 4", "names of the columns again", "nothing was brought in"}},
		"ends before it begins": {[]string{write("ends.csv", head+good+"T-3,Closed,2025-09-02 08:10,2025-09-01 09:40\n")}, []string{"row 4, Solved", "before the request was opened"}},
		"dates in three forms":  {[]string{write("dates.csv", head+good+"T-3,Closed,16.09.2025 08:10,\nT-4,Closed,09/17/2025 08:10,\n")}, []string{"row 4, Opened", "row 5, Opened"}},
		"5 GB":                  {[]string{huge}, []string{"5.4 GB", "nothing was brought in"}},
		"cut off":               {[]string{write("cut.csv.gz", packed.String())}, []string{"cut.csv.gz"}},
		"a picture":             {[]string{write("photo.csv", "\x89PNG\r\n\x1a\n\x00\x00")}, []string{"photo.csv"}},
		"no such preset":        {[]string{"--map", "nothing", write("good.csv", head+good)}, []string{"neither a preset"}},
		"another's preset":      {[]string{"--map", "bpic13", filepath.Join(dir, "good.csv")}, []string{"no column", "time:timestamp"}},
		"not a map":             {[]string{"--map", write("map.json", `{"case": "Ticket", "colour": "red"}`), filepath.Join(dir, "good.csv")}, []string{"colour"}},
	} {
		data := filepath.Join(t.TempDir(), "data")
		var out, problems paper
		err := run(t.Context(), append([]string{"import", "history", "--data", data}, c.args...), &out, &problems)
		if err == nil {
			t.Errorf("%s: brought in: %s", name, out.String())
			continue
		}
		said := strings.ToLower(problems.String() + err.Error())
		for _, s := range c.says {
			if !strings.Contains(said, strings.ToLower(s)) {
				t.Errorf("%s: %q is missing from %s", name, s, said)
			}
		}
		if left, err := os.ReadDir(data); err == nil && len(left) > 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
	data := filepath.Join(t.TempDir(), "data")
	if got := says(t, "import", "history", "--data", data, "--dry-run", filepath.Join(dir, "good.csv")); !strings.HasPrefix(got, "2 rows would bring 2 requests") {
		t.Errorf("%q", got)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Error("a dry run made a folder")
	}
	// A map that was printed is one that can be given.
	m := write("printed.json", says(t, "import", "history", "--data", data, "--print-map", filepath.Join(dir, "good.csv")))
	if got := says(t, "import", "history", "--data", data, "--map", m, "--name", "old desk", filepath.Join(dir, "good.csv")); !strings.HasPrefix(got, "old desk: 2 rows, 2 requests added") {
		t.Errorf("%q", got)
	}
	plan := write("plan.json", `{"promises": [{"impact": "*", "solve": "95m"}]}`)
	if got := says(t, "replay", "--data", data, "--promises", plan); !strings.Contains(got, "1 kept, 1 missed") {
		t.Errorf("%q", got)
	}
	var out, problems paper
	if err := run(t.Context(), []string{"replay", "--data", data, "--promises", write("bad.json", `{"promises": [{"impact": "*", "solve": "soon"}]}`)}, &out, &problems); err == nil || !strings.Contains(err.Error(), "promises[0].solve") {
		t.Error(err)
	}
}
