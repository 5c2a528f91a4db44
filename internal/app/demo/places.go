package demo

// place is a school or the district office.
type place struct {
	key, name, short, level string
	enrollment              int
	titleOne                bool
	rooms                   []string
}

// places have the sizes of one real district (twelve schools, 6,289 students)
// under invented names.
var places = []place{
	{"office", "Juniper Valley District Office", "District office", "office", 0, false, []string{"Board room", "Help desk", "Server room"}},
	{"high", "Juniper High School", "Juniper High", "high", 1953, false, []string{"101", "118", "204", "221", "Lab C", "Library", "Gym", "Front office"}},
	{"marsh", "Marsh Middle School", "Marsh", "middle", 939, true, []string{"105", "112", "206", "214", "Library", "Workroom", "Counseling", "Front office"}},
	{"orchard", "Orchard Middle School", "Orchard", "middle", 916, true, []string{"108", "121", "210", "Library", "Front office"}},
	{"prairie", "Prairie View Primary School", "Prairie View", "elementary", 353, true, []string{"104", "112", "Library", "Front office"}},
	{"willow", "Willow Creek Primary School", "Willow Creek", "elementary", 345, false, []string{"2", "7", "Library", "Front office"}},
	{"academy", "Academy Street School", "Academy Street", "elementary", 317, true, []string{"3", "9", "Media room", "Front office"}},
	{"heron", "Heron Landing School", "Heron Landing", "elementary", 294, false, []string{"1", "6", "Library", "Front office"}},
	{"talbot", "Tall Pines School", "Tall Pines", "elementary", 282, false, []string{"4", "8", "Library", "Front office"}},
	{"murphy", "Mill Pond School", "Mill Pond", "elementary", 240, true, []string{"5", "Library", "Front office"}},
	{"nash", "North Fork School", "North Fork", "elementary", 231, false, []string{"2", "Library", "Front office"}},
	{"pingree", "Pioneer School", "Pioneer", "elementary", 220, true, []string{"3", "Library", "Front office"}},
	{"early", "Little Acorns Early Learning Center", "Little Acorns", "elementary", 199, false, []string{"Red room", "Blue room", "Front office"}},
}

// person is somebody of the district. The nine with a role in show are the
// ones whose sign-in links are printed.
type person struct {
	key, name, title, site, room string
	lang                         string // "" is English
	roles                        []grant
	show                         string
}

type grant struct{ role, site string } // site "" is the whole district

var people = []person{
	{"tessa", "Tessa Okafor", "Grade 7 science", "marsh", "214", "", []grant{{"teacher", "marsh"}}, "teacher"},
	{"owen", "Owen Bright", "Grade 8 student", "orchard", "", "", []grant{{"student", "orchard"}}, "student"},
	{"marisol", "Marisol Reyes", "Parent", "marsh", "", "es-US", []grant{{"guardian", "marsh"}}, "parent"},
	{"sam", "Sam Kim", "Librarian", "marsh", "Library", "", []grant{{"teacher", "marsh"}, {"tier1", "marsh"}}, "tier1"},
	{"dana", "Dana Whitfield", "Systems specialist", "office", "Help desk", "", []grant{{"agent", ""}}, "specialist"},
	{"priya", "Priya Nair", "Learning coach", "high", "Lab C", "", []grant{{"teacher", "high"}, {"tier1", "high"}, {"tier1", "orchard"}}, "coach"},
	{"ruth", "Ruth Castellano", "Director of technology", "office", "Help desk", "", []grant{{"admin", ""}, {"director", ""}}, "director"},
	{"joel", "Joel Marchetti", "Principal", "marsh", "Front office", "", []grant{{"principal", "marsh"}}, "principal"},
	{"alma", "Alma Fitzgerald", "Board member", "office", "", "", []grant{{"board", ""}}, "board"},

	{"luis", "Luis Prado", "Grade 8 math", "orchard", "108", "", []grant{{"teacher", "orchard"}}, ""},
	{"hana", "Hana Sato", "Grade 6 English", "orchard", "121", "", []grant{{"teacher", "orchard"}}, ""},
	{"ken", "Ken Ibarra", "Grade 2", "prairie", "112", "", []grant{{"teacher", "prairie"}}, ""},
	{"jo", "Jo Lindqvist", "Reading specialist", "marsh", "105", "", []grant{{"teacher", "marsh"}}, ""},
	{"mercy", "Mercy Adeyemi", "School counselor", "marsh", "Counseling", "", []grant{{"staff", "marsh"}}, ""},
	{"dan", "Dan Park", "Office manager", "prairie", "Front office", "", []grant{{"staff", "prairie"}}, ""},
	{"wes", "Wes Tanaka", "Device technician", "office", "Help desk", "", []grant{{"agent", ""}}, ""},
	{"bea", "Bea Novak", "Network specialist", "office", "Server room", "", []grant{{"agent", ""}}, ""},
	{"ines", "Inés Duarte", "Office manager", "marsh", "Front office", "", []grant{{"staff", "marsh"}}, ""},
	{"abel", "Abel Fontaine", "Grade 10 history", "high", "204", "", []grant{{"teacher", "high"}}, ""},
	{"greta", "Greta Olsen", "Chemistry", "high", "221", "", []grant{{"teacher", "high"}}, ""},
	{"noor", "Noor Haddad", "Librarian", "willow", "Library", "", []grant{{"teacher", "willow"}, {"tier1", "willow"}, {"tier1", "heron"}}, ""},
	{"tom", "Tom Reilly", "Kindergarten", "early", "Red room", "", []grant{{"teacher", "early"}}, ""},
	{"carmen", "Carmen Vega", "Parent", "academy", "", "es-US", []grant{{"guardian", "academy"}}, ""},
	{"eli", "Eli Brandt", "Grade 4", "talbot", "4", "", []grant{{"teacher", "talbot"}}, ""},
}

// team helps at some places or with some services.
type team struct {
	key, name, lead string
	tier            int
	members         []string
	sites           []string
}

var teams = []team{
	{"district", "District help desk", "dana", 2, []string{"dana", "wes", "ruth"}, nil},
	{"marsh", "Marsh first help", "sam", 1, []string{"sam"}, []string{"marsh"}},
	{"high", "Juniper High and Orchard first help", "priya", 1, []string{"priya"}, []string{"high", "orchard"}},
	{"willow", "Willow Creek and Heron Landing first help", "noor", 1, []string{"noor"}, []string{"willow", "heron"}},
	{"network", "Network and sign-in", "bea", 2, []string{"bea", "dana"}, nil},
	{"devices", "Device workshop", "wes", 2, []string{"wes"}, nil},
	{"coaches", "Learning coaches", "priya", 2, []string{"priya"}, nil},
}

// service is what people rely on, or a duty that somebody must do.
type service struct{ key, kind, name, icon, owner, cover, team string }

var services = []service{
	{"signin", "service", "Sign-in", "key-round", "bea", "dana", "network"},
	{"wifi", "service", "Wi-Fi", "wifi", "bea", "dana", "network"},
	{"chromebooks", "service", "Chromebooks", "laptop", "wes", "dana", ""},
	{"displays", "service", "Displays and sound", "monitor", "wes", "sam", ""},
	{"printing", "service", "Printing", "printer", "wes", "dana", ""},
	{"gradebook", "service", "Gradebook", "book-open", "dana", "ruth", "district"},
	{"platform", "service", "Learning platform", "layout-grid", "priya", "dana", ""},
	{"testing", "service", "Testing browser", "clipboard-check", "dana", "priya", "district"},
	{"phones", "service", "Phones and bells", "phone", "bea", "wes", "network"},
	{"accounts", "duty", "Accounts for new people", "", "dana", "ruth", "district"},
	{"licenses", "duty", "Licenses", "", "ruth", "dana", "district"},
	{"data", "duty", "Data and rosters", "", "dana", "ruth", "district"},
	{"training", "duty", "Training", "", "priya", "sam", ""},
}
