package ui

import "embed"

// Messages holds the catalogues of the words that shells and script need, one
// JSON file a language, keys "ui.…".
//
//go:embed messages/*.json
var Messages embed.FS

// Words are the words that every page needs, whatever it shows. WordsIn fills
// them from the catalogue.
type Words struct {
	Skip     string // the first link of the page: to the content
	Error    string // stands first in the title of a page that has errors
	Language string // names the language menu
	Main     string // names the main navigation
	Search   string // names the search box and its button
	Account  string // names the account menu
	Close    string
	Demo     string // names the bar of an example district

	Saving   string // a form has been on its way for a moment
	Failed   string // it could not be sent; what was typed is still there
	Restored string // unsent text was put back into its box
	Selected string // "{n}" rows are selected
	NewOne   string // one row has arrived since the list was drawn
	NewMany  string // "{n}" rows have arrived

	Keys                                                         string // opens the list of keyboard shortcuts, and heads it
	KeysOn                                                       string // the switch that turns them on
	KeyNext, KeyPrevious, KeySelect, KeyOpen, KeySearch, KeyHelp string
}

// WordsIn fills Words through t, which translates one key into the language of
// the page.
func WordsIn(t func(key string) string) Words {
	return Words{
		Skip:     t("ui.skip"),
		Error:    t("ui.error"),
		Language: t("ui.language"),
		Main:     t("ui.main"),
		Search:   t("ui.search"),
		Account:  t("ui.account"),
		Close:    t("ui.close"),
		Demo:     t("ui.demo"),

		Saving:   t("ui.saving"),
		Failed:   t("ui.failed"),
		Restored: t("ui.restored"),
		Selected: t("ui.selected"),
		NewOne:   t("ui.new.one"),
		NewMany:  t("ui.new.many"),

		Keys:        t("ui.keys"),
		KeysOn:      t("ui.keys.on"),
		KeyNext:     t("ui.key.next"),
		KeyPrevious: t("ui.key.previous"),
		KeySelect:   t("ui.key.select"),
		KeyOpen:     t("ui.key.open"),
		KeySearch:   t("ui.key.search"),
		KeyHelp:     t("ui.key.help"),
	}
}
