package replay

// apart are the tables and columns in which two districts differ though they
// have the same past, each with its reason. A column is written table.column.
// What is not here is compared, whatever is added later; of the search index
// the words are, however an engine keeps them.
var apart = map[string]string{
	"event.body_hash":   "salted anew for each district",
	"event.prev":        "covers body_hash",
	"event.hash":        "covers body_hash",
	"event.xact":        "the server's own counter of transactions, on PostgreSQL",
	"event_body.salt":   "random",
	"event_origin.uid":  "random: a district's own identity",
	"event_origin.salt": "random",

	"district_person.password": "a hash under a random salt; passwords are in no log",
	"district_session.hash":    "of a random token",
	"district_session.seen":    "moves with every page that is looked at",
	"district_token.hash":      "of a random token",
	"district_token.seen":      "moves with every use",
	"district_invite.hash":     "of a random token",
	"district_setup.hash":      "of a random token",
	"district_attempt":         "failed tries to sign in, kept for an hour to slow them down",

	"idem_record": "what clients were answered, kept for two days in case they ask again",

	"job.holder":  "which process has it, while it runs",
	"job.claim":   "counts who tried, while it runs",
	"job.attempt": "likewise",
}
