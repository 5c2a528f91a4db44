package demo

// In a district that lives through a whole year more people help than the
// stories of two weeks need.
var moreHelp = []person{
	{"marcus", "Marcus Lindgren", "Help desk technician", "office", "Help desk", "", []grant{{"agent", ""}}, ""},
	{"tara", "Tara Boyle", "Help desk technician", "office", "Help desk", "", []grant{{"agent", ""}}, ""},
	{"lucia", "Lucía Benítez", "Family liaison", "office", "Help desk", "", []grant{{"agent", ""}}, ""},
	{"devon", "Devon Achebe", "Device technician", "office", "Help desk", "", []grant{{"agent", ""}}, ""},
	{"hugo", "Hugo Lemaire", "Network technician", "office", "Server room", "", []grant{{"agent", ""}}, ""},
	{"simone", "Simone Archer", "Learning coach", "orchard", "Library", "", []grant{{"teacher", "orchard"}, {"tier1", "orchard"}, {"tier1", "high"}}, ""},
	{"grace", "Grace Ellery", "Librarian", "prairie", "Library", "", []grant{{"teacher", "prairie"}, {"tier1", "prairie"}, {"tier1", "academy"}}, ""},
	{"omar", "Omar Farouk", "Media specialist", "academy", "Media room", "", []grant{{"teacher", "academy"}, {"tier1", "academy"}, {"tier1", "prairie"}}, ""},
	{"lena", "Lena Brandvold", "Librarian", "talbot", "Library", "", []grant{{"teacher", "talbot"}, {"tier1", "talbot"}, {"tier1", "murphy"}, {"tier1", "nash"}}, ""},
	{"paul", "Paul Ndiaye", "Librarian", "murphy", "Library", "", []grant{{"teacher", "murphy"}, {"tier1", "murphy"}, {"tier1", "talbot"}, {"tier1", "nash"}}, ""},
}

// moreTeams are theirs.
var moreTeams = []team{
	{"prairie", "Prairie View and Academy Street first help", "grace", 1, []string{"grace", "omar"}, []string{"prairie", "academy"}},
	{"pines", "Tall Pines, Mill Pond and North Fork first help", "lena", 1, []string{"lena", "paul"}, []string{"talbot", "murphy", "nash"}},
}

// joins are the new people in teams that the stories have too.
var joins = map[string][]string{
	"district": {"marcus", "tara", "lucia"},
	"devices":  {"devon"},
	"network":  {"hugo"},
	"high":     {"simone"},
	"coaches":  {"simone"},
}
