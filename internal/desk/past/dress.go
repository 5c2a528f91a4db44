package past

import (
	"encoding/json"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/search"
)

// texts are what a file says of a case besides its rows.
type texts struct {
	Digest    string // of the case
	Title     string
	Body      string
	Requester string
	Owner     string
}

func (c Case) texts() texts { return texts{c.Digest, c.Title, c.Body, c.Requester, c.Owner} }

// dresser makes of what a file says what a ticket shows: the same for one that
// is added, one that is recorded differently now, and one that is put back.
type dresser struct {
	from  source
	names names
	m     Map
	lang  string
}

// dressed is a ticket of the past but for its number.
type dressed struct {
	title                string
	impact               desk.Impact
	person, team, site   int64
	owner                district.PersonID
	service              district.ServiceID
	tier, handoffs       int
	created, end, solved time.Time
	key, body            string
}

// titleLimit is how long a title may be, in characters.
const titleLimit = 120

// dress makes a ticket of a case's texts, the last of its rows and what its
// rows come to. Who or what the district doesn't have is stood in for.
func (d dresser) dress(now time.Time, key string, t texts, last flow.Row, f flow.Facts) dressed {
	x := dressed{key: key, body: t.Body, created: f.Start, end: f.End, solved: f.SolvedAt, handoffs: f.Handoffs, tier: district.TierSchool + 1}
	if x.created.IsZero() {
		x.created = now
	}
	if x.end.Before(x.created) {
		x.end = x.created
	}
	if x.title = short(t.Title); x.title == "" {
		x.title = short(strings.TrimSuffix(key+" · "+last.Service, " · "))
	}
	if x.impact = desk.Impact(d.m.Impacts[last.Impact]); x.impact == "" {
		x.impact = desk.Question
	}
	if l := int(f.MaxLine) / 10; l >= district.TierSchool && l <= district.TierVendor {
		x.tier = l
	}
	x.person = orElse(int64(d.names.asker(t.Requester)), d.from.person)
	x.owner = d.names.owner(firstOf(t.Owner, last.Person))
	x.team = orElse(int64(d.names.teams[district.Fold(last.Team)]), d.from.team)
	x.site = orElse(int64(d.names.sites[district.Fold(last.Place)]), d.from.site)
	x.service = d.names.services[district.Fold(last.Service)]
	return x
}

// change dresses a ticket anew that is here already.
func (x dressed) change(tx *db.Tx, id desk.TicketID, lang string) error {
	if _, err := tx.Exec(`UPDATE desk_ticket SET title = $1, impact = $2, turn = $3, requester = $4, owner_team = $5, owner_person = $6, site = $7, service = $8,
			created = $9, said_at = $9, solved_at = $10, closed_at = $11, tier = $12, handoffs = $13, updated = $14, version = version + 1 WHERE id = $15`,
		x.title, x.impact, desk.Turn(x.impact, x.created), x.person, x.team, db.Null(x.owner), x.site, db.Null(x.service),
		db.Us(x.created), db.UsNull(x.solved), db.Us(x.end), x.tier, x.handoffs, db.Us(tx.Now()), id); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM desk_message WHERE ticket = $1 AND channel = 'import'`, id); err != nil {
		return err
	}
	if x.body == "" {
		if err := search.RemovePart(tx, searched, int64(id), 1); err != nil {
			return err
		}
	}
	if x.body != "" {
		if _, err := tx.Exec(`INSERT INTO desk_message (ticket, author, from_desk, body, channel, at) VALUES ($1, $2, FALSE, $3, 'import', $4)`, id, x.person, x.body, db.Us(x.created)); err != nil {
			return err
		}
	}
	for _, doc := range x.docs(id, lang) {
		if err := search.Index(tx, doc); err != nil {
			return err
		}
	}
	return nil
}

// searched is the kind of thing that tickets are in the search index.
const searched = "ticket"

// docs are the words by which a ticket is found. The body is part 1: the
// message's own id is not known before it is written, and nobody adds messages
// to a ticket of the past.
func (x dressed) docs(id desk.TicketID, lang string) []search.Doc {
	out := []search.Doc{{Kind: searched, Ref: int64(id), Part: 0, Lang: lang, Text: x.title + " " + x.key}}
	if x.body != "" {
		out = append(out, search.Doc{Kind: searched, Ref: int64(id), Part: 1, Lang: lang, Text: x.body})
	}
	return out
}

// shelve keeps what was said of a ticket before this run, the latest first.
func shelve(was string, t texts) (string, error) {
	list, err := shelved(was)
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(append([]texts{t}, list...))
	return string(b), err
}

func shelved(was string) (list []texts, err error) {
	if was != "" {
		err = json.Unmarshal([]byte(was), &list)
	}
	return list, err
}

// textsOf is what the file said that stands now.
func textsOf(tx *db.Tx, id desk.TicketID) (t texts, key, was string, err error) {
	err = tx.QueryRow(`SELECT p.digest, p.title, p.requester, p.owner, p.case_key, p.was,
			coalesce((SELECT min(m.body) FROM desk_message m WHERE m.ticket = p.ticket AND m.channel = 'import'), '') FROM desk_past p WHERE p.ticket = $1`, id).
		Scan(&t.Digest, &t.Title, &t.Requester, &t.Owner, &key, &was, &t.Body)
	return t, key, was, err
}

// setTexts stores what the file says now, and what was said before.
func setTexts(tx *db.Tx, id desk.TicketID, t texts, was string, by RunID) error {
	_, err := tx.Exec(`UPDATE desk_past SET digest = $1, title = $2, requester = $3, owner = $4, was = $5, last_run = $6 WHERE ticket = $7`,
		t.Digest, t.Title, t.Requester, t.Owner, was, by, id)
	return err
}
