package app_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trellis/internal/app"
	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
)

// staffReads are the texts that only staff read, by the start of their keys:
// whoever helps, sets Trellis up, looks at reports or programs for it. Every
// other text is held to what a family can read, also one in a catalogue that
// is new, so this list is read with care when it grows.
var staffReads = []string{
	// Programs and those who write them.
	"api.", "deskapi.", "error.bad_content_type", "error.bad_cursor", "error.bad_json", "error.idempotency_mismatch", "error.precondition_required",
	"account.tokens.", "account.scope.", "district.token.",
	// Whoever works the desk.
	"deskui.", "queue.", "desk.alarm.", "desk.hand.", "desk.metric.", "desk.notice.name_someone", "desk.outcome.", "desk.promise.", "desk.take", "ui.key", "promises.",
	"cover.", "away.", "coverage.",
	// Whoever sets a district up, and brings things in.
	"setup.", "settings.", "app.settings.", "paths.", "calendar.", "past.", "pastui.", "sheet.", "desk.past.",
	"district.calendar.", "district.grant.", "district.import.", "district.path.", "district.person.", "district.room.", "district.service.", "district.setup.", "district.site.", "district.team.", "district.zone",
	// Reports.
	"steer.",
}

func readerOf(key string) keycheck.Reader {
	if slices.ContainsFunc(staffReads, func(start string) bool { return strings.HasPrefix(key, start) }) {
		return keycheck.Staff
	}
	return keycheck.Requester
}

// alike are texts that are the same in both languages and right so. What is all
// values, marks and units need not be here.
var alike = []string{"frame.no_name", "pastui.preset.incidentiq", "pastui.preset.osticket", "pastui.preset.zendesk", "plan.tag", "request.system",
	"settings.zone.alaska", "settings.zone.arizona", "steer.download.xlsx", "ui.error"}

// notKeys are names of events, jobs and watchers that look like keys.
var notKeys = []string{"plan.created", desk.PreviewJob, "desk.flow", "desk.past", "setup.key_made",
	"calendar.hours_set", "calendar.term_set", "calendar.term_dropped", "calendar.season_set", "calendar.season_dropped", "calendar.days_set"}

var (
	placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)
	word        = regexp.MustCompile(`\pL{4}`)
)

// TestWords reads the whole program and all its texts: none is missing, none
// is unused, each is in both languages, and in words that its readers use.
func TestWords(t *testing.T) {
	c, err := app.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	keycheck.Check(t, filepath.Join("..", ".."), c, keycheck.Options{NotKeys: notKeys})
	keycheck.Plain(t, c, readerOf)
	for _, start := range staffReads {
		if !slices.ContainsFunc(c.Keys(), func(key string) bool { return strings.HasPrefix(key, start) }) {
			t.Errorf("no text starts with %q any more", start)
		}
	}
	for _, key := range c.Keys() {
		texts := c.Texts("es-US", key)
		same := slices.Equal(c.Texts(i18n.Default, key), texts)
		bare := placeholder.ReplaceAllString(strings.Join(texts, " "), "")
		if word.MatchString(bare) && same != slices.Contains(alike, key) {
			t.Errorf("%s in English and Spanish: the same is %v: %q", key, same, texts)
		}
	}
}
