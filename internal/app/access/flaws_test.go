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

// flaw is a known mistake. All of them are put into one build of these tests
// through an overlay, so that none of it ever stands in the product's files,
// and each is switched on for one run of the test that must notice it.
type flaw struct {
	name     string
	file     string // below internal
	old, new string // new asks FLAW whether the mistake is made, and may choose by either(FLAW, right, wrong)
	test     string // which must fail
	says     string // why: a flaw that only breaks something proves nothing
	doors    string // where the test has to ask to notice; "" is everywhere
}

var flaws = []flaw{
	{"search forgets who may see", "desk/search_tickets.go",
		"(` + v.works() + ` OR ` + v.sees() + ` AND ` + public + `)`, args", "(` + either(FLAW, v.works()+` OR `+v.sees()+` AND `+public, `$1 > 0 OR $2 > 0 OR `+public) + `)`, args",
		"TestProbe/sqlite", "API search by its title: answers differently", "API search by its title"},
	{"a number finds what its reader may not see", "desk/search_tickets.go",
		"itemSQL+` WHERE t.id = $3 AND `+v.sees(), v.person", "itemSQL+` WHERE t.id = $3 AND `+either(FLAW, v.sees(), `($1 > 0 OR $2 > 0)`), v.person",
		"TestProbe/sqlite", "API search by its number: answers differently", "API search by its number"},
	{"counts forget who works on it", "desk/count_tickets.go",
		"countSQL(`t.state = 'open' AND `+v.works()) + `, ` +", "countSQL(`t.state = 'open'`+either(FLAW, ` AND `+v.works(), ``)) + `, ` +",
		"TestNothingCountsWhatIsHidden", "notices in API /requests/counts that there is", "/requests/counts"},
	{"a list forgets what is private", "desk/list_tickets.go",
		"return `t.state = $3 AND ` + v.works() + ` AND $1 > 0`", "return `t.state = $3 AND (` + v.works() + either(FLAW, ``, ` OR t.owner_team IN (SELECT m.team FROM district_member m WHERE m.person = $2)`) + `) AND $1 > 0`",
		"TestProbe/sqlite", "the page /desk/places: shows the title, .* about a request at [a-z]+, (safety|privacy|lost device|suspicious mail|private later)", "the page /desk/places$"},
	{"a note joins the conversation", "desk/conversation.go",
		"m.body, m.channel, m.at FROM desk_message m JOIN", "m.body, m.channel, m.at FROM ` + either(FLAW, `desk_message`, `(SELECT id, ticket, author, from_desk, body, channel, at, minutes FROM desk_message UNION ALL SELECT id, ticket, author, TRUE, body, 'web', at, 0 FROM desk_note)`) + ` m JOIN",
		"TestProbe/sqlite", "its page: shows the note, ", "^its page$"},
	{"earlier messages forget who may see", "desk/conversation.go",
		"if _, _, err = load(tx, v, id); err != nil {", "if _, _, err = load(tx, v, id); err != nil && !FLAW {",
		"TestProbe/sqlite", "API its messages: answers differently", "API its messages"},
	{"history tells of notes", "desk/history.go",
		"if insideKinds[ev.Kind] && !is.works {", "if insideKinds[ev.Kind] && !is.works && !FLAW {",
		"TestANoteIsNotNoticed", "tess notices a note in API its history", ""},
	{"a download forgets its request", "desk/file.go",
		"OR a.message IS NOT NULL AND `+v.sees()+` OR a.note", "OR a.message IS NOT NULL AND `+either(FLAW, v.sees(), `$2 >= 0`)+` OR a.note",
		"TestProbe/sqlite", "its file: shows the file name, ", "^its file$"},
	{"a preview trusts the file's number", "desk/file.go",
		"return d.openFile(ctx, id, true)", "if FLAW {\n\t\tctx = policy.WithActor(ctx, policy.Actor{Kind: policy.Person, Person: 1})\n\t}\n\treturn d.openFile(ctx, id, true)",
		"TestProbe/sqlite", "its picture's preview: answers differently", "its picture's preview"},
	{"a page hears of everything", "desk/web/stream.go",
		"case changeForAll:\n\t\treturn ok", "case changeForAll:\n\t\treturn ok || FLAW",
		"TestStream/sqlite", "hears of a request at north, safety, open: true, want false", ""},
	{"a page hears of notes", "desk/web/stream.go",
		"if !inside {", "if FLAW || !inside {",
		"TestStream/sqlite", "noted: tess hears of", ""},
	{"the API reads without looking who asks", "desk/find_ticket.go",
		"WHERE t.id = $3 AND `+v.sees(), v.person, v.desk, id).Scan(dest...)", "WHERE t.id = $3 AND `+either(FLAW, v.sees(), `TRUE`), v.person, v.desk, id).Scan(dest...)",
		"TestProbe/sqlite", "API the request: answers differently", "API the request"},
	{"the team hears of what is private", "desk/know.go",
		"SELECT n.person FROM desk_named n JOIN district_person p ON p.id = n.person\n\t\t\tWHERE n.ticket = $1 AND p.active ORDER BY n.person", "` + either(FLAW, `SELECT n.person FROM desk_named n JOIN district_person p ON p.id = n.person\n\t\t\tWHERE n.ticket = $1 AND p.active ORDER BY n.person`, `SELECT p.id FROM desk_ticket t JOIN district_member m ON m.team = t.owner_team JOIN district_person p ON p.id = m.person\n\t\t\tWHERE t.id = $1 AND p.active ORDER BY p.id`) + `",
		"TestNothingCountsWhatIsHidden", "notices in the page /notices that there is a request at [a-z]+, safety", "/notices"},
	{"a private request stays with whom it was for", "desk/my_requests.go",
		"t.state IN ('open', 'waiting') AND `+v.sees()+` AND t.id < $3", "t.state IN ('open', 'waiting') AND `+either(FLAW, v.sees(), `$2 >= 0`)+` AND t.id < $3",
		"TestProbe/sqlite", "the page /help/requests: shows the title, .* ben about a request at [a-z]+, private later", "the page /help/requests"},
	{"who covers gets what is private too", "desk/scope.go",
		"n.ticket = t.id AND n.person = ` + desk + `) END)`", "n.ticket = t.id AND n.person = ` + desk + `)` + either(FLAW, ``, more) + ` END)`",
		"TestProbe/sqlite", " eve about a request at [a-z]+, privacy with who is away", "^API /requests\\?"},
	{"who covers gets all of the teams", "desk/covering.go",
		"OR t.owner_person IS NULL AND t.owner_team IN", "OR ` + either(FLAW, `t.owner_person IS NULL`, `$1 >= 0`) + ` AND t.owner_team IN",
		"TestProbe/sqlite", " eve about a request at [a-z]+, taken in a team from elsewhere", "^(API /requests|the page /desk/)"},
	{"people are found by everybody who helps", "district/find_people.go",
		"AND `+inReach+` ORDER BY n.word", "AND `+either(FLAW, inReach, `($1 OR $2 > 0)`)+` ORDER BY n.word",
		"TestPeople", "/api/v1/people/find\\?q= by name: answers differently .* about a (student|guardian)", "people/find"},
	{"anybody can be named by number", "desk/follow.go",
		"if err := checkReach(e.tx, &in, \"person\", e.by.person, person); err != nil {", "check := func() error { return checkReach(e.tx, &in, \"person\", e.by.person, person) }\n\t\tif FLAW {\n\t\t\tcheck = func() error {\n\t\t\t\treturn exists(e.tx, &in, \"person\", `SELECT count(*) FROM district_person WHERE id = $1 AND active`, person)\n\t\t\t}\n\t\t}\n\t\tif err := check(); err != nil {",
		"TestFamiliesNameNobody", "stu learns that person", ""},
	{"a page says that it is not for you", "platform/web/enter.go",
		"return errs.E(errs.NotFound, \"\")\n}\n\n// enter", "if FLAW {\n\t\treturn errs.E(errs.Forbidden, \"\")\n\t}\n\treturn errs.E(errs.NotFound, \"\")\n}\n\n// enter",
		"TestRoutes", "GET /settings as teacher: In, but its policy says false", ""},
	{"a form forgets its key", "platform/web/form.go",
		"q.slot.Fill(k)", "if !FLAW {\n\t\tq.slot.Fill(k)\n\t}",
		"TestDoubleClickOnAsk/sqlite", "a double click made 3 requests", ""},
}

// seeding stands beside every file with a flaw. Which flaw is made is said
// before the program starts: some of them are in statements that are made then.
const seeding = `

import "os"

func seeded(flaw string) bool { return os.Getenv("TRELLIS_SEEDED_FLAW") == flaw }

func either[T any](made bool, right, wrong T) T {
	if made {
		return wrong
	}
	return right
}
`

// Each known mistake is found. What no test would notice, nobody would.
func TestFlawsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	bin := seed(t)
	for _, f := range flaws {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(bin, "-test.run", "^"+strings.ReplaceAll(f.test, "/", "$/^")+"$", "-doors", f.doors)
			cmd.Env = append(os.Environ(), "TRELLIS_SEEDED_FLAW="+f.name, "TRELLIS_LONG=")
			out, err := cmd.CombinedOutput()
			switch {
			case strings.Contains(string(out), "panic:"):
				t.Errorf("the flaw breaks the program instead of opening it:\n%s", out)
			case err == nil:
				t.Errorf("%s does not notice", f.test)
			case !regexp.MustCompile(f.says).Match(out):
				t.Errorf("%s fails, but not for %q:\n%.3000s", f.test, f.says, out)
			}
		})
	}
}

// Every flaw still fits the file that it is meant for.
func TestFlawsFit(t *testing.T) {
	flawed(t)
}

// flawed are the files with flaws, by their paths, with all that is in each.
func flawed(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, f := range flaws {
		path := filepath.Join(testkit.Repo(t), "internal", f.file)
		if files[path] == "" {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files[path] = string(raw)
		}
		if n := strings.Count(files[path], f.old); n != 1 {
			t.Errorf("%s: %q stands %d times in %s: say anew where the flaw goes", f.name, f.old, n, f.file)
		}
		files[path] = strings.Replace(files[path], f.old, strings.ReplaceAll(f.new, "FLAW", "seeded(`"+f.name+"`)"), 1)
	}
	return files
}

var packageLine = regexp.MustCompile(`(?m)^package \w+$`)

// seed builds these tests with every flaw in it, and none of them on.
func seed(t *testing.T) (bin string) {
	t.Helper()
	files, dir := flawed(t), t.TempDir()
	if t.Failed() {
		t.FailNow()
	}
	for path, text := range files {
		files[filepath.Join(filepath.Dir(path), "seeded_flaws.go")] = packageLine.FindString(text) + seeding
	}
	replace := map[string]string{}
	for path, text := range files {
		replace[path] = filepath.Join(dir, strings.ReplaceAll(path, string(filepath.Separator), "_"))
		if err := os.WriteFile(replace[path], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	bin = filepath.Join(dir, "access.test")
	cmd := exec.Command("go", "test", "-c", "-overlay", list, "-o", bin, "./internal/app/access")
	cmd.Dir = testkit.Repo(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build with the flaws: %v\n%s", err, out)
	}
	return bin
}
