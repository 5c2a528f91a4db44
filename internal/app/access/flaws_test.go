package access_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"trellis/internal/testkit"
)

// flaw is a known mistake. It is put into the product for one run of a test
// through an overlay, so that none of it ever stands in the product's files.
type flaw struct {
	name     string
	file     string // below internal
	old, new string
	test     string // which must fail
	says     string // why: a flaw that only breaks something proves nothing
}

var flaws = []flaw{
	{"search forgets who may see", "desk/search_tickets.go",
		"AND (` + worksSQL + ` OR ` + seesSQL + ` AND ` + public + `)`, args", "AND ($1 > 0 OR $2 > 0 OR ` + public + `)`, args",
		"TestProbe/sqlite", "API search by its title: answers differently"},
	{"a number finds what its reader may not see", "desk/search_tickets.go",
		"itemSQL+` WHERE t.id = $3 AND `+seesSQL, v.person", "itemSQL+` WHERE t.id = $3 AND ($1 > 0 OR $2 > 0)`, v.person",
		"TestProbe/sqlite", "API search by its number: answers differently"},
	{"counts forget who works on it", "desk/count_tickets.go",
		"countSQL(`t.state = 'open' AND `+worksSQL) + `, ` +", "countSQL(`t.state = 'open'`) + `, ` +",
		"TestNothingCountsWhatIsHidden", "notices in API /requests/counts that there is"},
	{"a list forgets what is private", "desk/list_tickets.go",
		"Places:     `t.state = $3 AND ` + worksSQL + ` AND $1 > 0`,", "Places:     `t.state = $3 AND (` + worksSQL + ` OR t.owner_team IN (SELECT m.team FROM district_member m WHERE m.person = $2)) AND $1 > 0`,",
		"TestProbe/sqlite", "the page /desk/places: shows the title, .* about a request at [a-z]+, (safety|privacy|lost device|suspicious mail|private later)"},
	{"a note joins the conversation", "desk/conversation.go",
		"m.body, m.channel, m.at FROM desk_message m JOIN", "m.body, m.channel, m.at FROM (SELECT id, ticket, author, from_desk, body, channel, at FROM desk_message UNION ALL SELECT id, ticket, author, TRUE, body, 'web', at FROM desk_note) m JOIN",
		"TestProbe/sqlite", "its page: shows the note, "},
	{"history tells of notes", "desk/history.go",
		"if insideKinds[ev.Kind] && !is.works {", "if ev.Kind == \"\" {",
		"TestANoteIsNotNoticed", "tess notices a note in API its history"},
	{"a download forgets its request", "desk/file.go",
		"OR a.message IS NOT NULL AND `+seesSQL+` OR a.note", "OR a.message IS NOT NULL AND $2 >= 0 OR a.note",
		"TestProbe/sqlite", "its file: shows the file name, "},
	{"a preview trusts the file's number", "desk/file.go",
		"return d.openFile(ctx, id, true)", "return d.openFile(policy.WithActor(ctx, policy.Actor{Kind: policy.Person, Person: 1}), id, true)",
		"TestProbe/sqlite", "its picture's preview: answers differently"},
	{"a page hears of everything", "desk/web/stream.go",
		"case changeForAll:\n\t\treturn ok", "case changeForAll:\n\t\treturn err == nil",
		"TestStream/sqlite", "hears of a request at north, safety, open: true, want false"},
	{"a page hears of notes", "desk/web/stream.go",
		"if !inside {", "if inside || !inside {",
		"TestStream/sqlite", "noted: tess hears of"},
	{"the API reads without looking who asks", "desk/find_ticket.go",
		"WHERE t.id = $3 AND `+seesSQL, v.person, v.desk, id).Scan(dest...)", "WHERE t.id = $3`, v.person, v.desk, id).Scan(dest...)",
		"TestProbe/sqlite", "API the request: answers differently"},
	{"the team hears of what is private", "desk/know.go",
		"SELECT n.person FROM desk_named n JOIN district_person p ON p.id = n.person\n\t\t\tWHERE n.ticket = $1 AND p.active ORDER BY n.person", "SELECT p.id FROM desk_ticket t JOIN district_member m ON m.team = t.owner_team JOIN district_person p ON p.id = m.person\n\t\t\tWHERE t.id = $1 AND p.active ORDER BY p.id",
		"TestNothingCountsWhatIsHidden", "notices in the page /notices that there is a request at [a-z]+, safety"},
	{"a private request stays with whom it was for", "desk/my_requests.go",
		"t.state IN ('open', 'waiting') AND `+seesSQL+` AND t.id < $3", "t.state IN ('open', 'waiting') AND $2 >= 0 AND t.id < $3",
		"TestProbe/sqlite", "the page /help/requests: shows the title, .* ben about a request at [a-z]+, private later"},
	{"people are found by everybody who helps", "district/find_people.go",
		"AND `+inReach+` ORDER BY n.word", "AND ($1 OR $2 > 0) ORDER BY n.word",
		"TestPeople", "/api/v1/people/find\\?q= by name: answers differently .* about a (student|guardian)"},
	{"anybody can be named by number", "desk/follow.go",
		"checkReach(e.tx, &in, \"person\", e.by.person, person)", "exists(e.tx, &in, \"person\", `SELECT count(*) FROM district_person WHERE id = $1 AND active`, person)",
		"TestFamiliesNameNobody", "stu learns that person"},
	{"a page says that it is not for you", "platform/web/enter.go",
		"return errs.E(errs.NotFound, \"\")\n}\n\n// enter", "return errs.E(errs.Forbidden, \"\")\n}\n\n// enter",
		"TestRoutes", "GET /settings as teacher: In, but its policy says false"},
	{"a form forgets its key", "platform/web/form.go",
		"q.slot.Fill(k)", "_ = k",
		"TestDoubleClickOnAsk/sqlite", "a double click made 3 requests"},
}

// Each known mistake is found. What no test would notice, nobody would.
func TestFlawsAreFound(t *testing.T) {
	testkit.Long(t)
	if testkit.Brief() {
		t.Skip("not run: quick")
	}
	for _, f := range flaws {
		t.Run(f.name, func(t *testing.T) {
			out, err := f.run(t)
			switch {
			case strings.Contains(out, "[build failed]") || strings.Contains(out, "panic:"):
				t.Errorf("the flaw breaks the program instead of opening it:\n%s", out)
			case err == nil:
				t.Errorf("%s does not notice", f.test)
			case !regexp.MustCompile(f.says).MatchString(out):
				t.Errorf("%s fails, but not for %q:\n%.3000s", f.test, f.says, out)
			}
		})
	}
}

// Every flaw still fits the file that it is meant for.
func TestFlawsFit(t *testing.T) {
	for _, f := range flaws {
		f.patched(t)
	}
}

// patched is the file with the flaw.
func (f flaw) patched(t *testing.T) (path, text string) {
	t.Helper()
	path = filepath.Join(testkit.Repo(t), "internal", f.file)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(raw), f.old); n != 1 {
		t.Fatalf("%s: %q stands %d times in %s: say anew where the flaw goes", f.name, f.old, n, f.file)
	}
	return path, strings.Replace(string(raw), f.old, f.new, 1)
}

// run runs the test with the flaw in place.
func (f flaw) run(t *testing.T) (string, error) {
	t.Helper()
	path, text := f.patched(t)
	dir := t.TempDir()
	changed := filepath.Join(dir, filepath.Base(path))
	if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-overlay", list, "-short", "-count=1", "-run", "^"+strings.ReplaceAll(f.test, "/", "$/^")+"$", "./internal/app/access")
	cmd.Dir = testkit.Repo(t)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
