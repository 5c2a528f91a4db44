package demo

// vendorNames are of companies that do not exist; the ones of vendorsOf sell
// what a service needs.
var vendorNames = []string{"Cedarline Learning", "Hollow Oak Assessments", "Finch & Rowan Copiers", "Tidewell Voice", "Brackenfield Devices", "Quillmere Books", "Stonepath Data"}

var vendorsOf = map[string][]string{
	"signin":      {"Stonepath Data"},
	"wifi":        {"Larkmoor Networks"},
	"chromebooks": {"Brackenfield Devices"},
	"displays":    {"Brightledge Displays"},
	"printing":    {"Finch & Rowan Copiers"},
	"gradebook":   {"Marigold Records"},
	"platform":    {"Cedarline Learning"},
	"testing":     {"Hollow Oak Assessments"},
	"phones":      {"Tidewell Voice"},
	"accounts":    {"Stonepath Data"},
	"licenses":    {"Quillmere Books", "Cedarline Learning"},
	"data":        {"Stonepath Data", "Marigold Records"},
	"training":    {"Cedarline Learning"},
}

// absence reasons are why somebody of the desk is away, as others may read it.
var absenceReasons = []string{"Sick today", "Home with a sick child", "Training", "Coaches' conference", "Family", "Appointment, back after lunch", "Jury duty", "Two days at the state meeting", "Moving house", "Covering testing at another school"}

var pupilNames = []string{"Maya", "Leo", "Amina", "Noah", "Sofia", "Eli", "Priya", "Mateo", "Zoe", "Malik", "Hana", "Jonah", "Ruby", "Kofi", "Lena", "Diego", "Ivy", "Omar", "Nina", "Theo", "Yara", "Caleb", "Mei", "Tobias", "Ada", "Rafa", "June", "Silas", "Esme", "Idris"}

var givenNames = []string{"Jamie", "Robin", "Casey", "Dana", "Avery", "Morgan", "Lucia", "Peter", "Amara", "Felix", "Renee", "Tomas", "Wendy", "Isaac", "Bianca", "Harold", "Noemi", "Glenn", "Farah", "Colin"}

var familyNames = []string{"Alder", "Bramwell", "Castell", "Dunmore", "Esker", "Fairlie", "Goodhew", "Hallam", "Ibsen", "Jarrow", "Kestrel", "Lindgren", "Marlowe", "Nyberg", "Oakes", "Pell", "Quist", "Rowe", "Sandoz", "Thorne", "Ueda", "Varga", "Winslow", "Yarrow", "Zeller"}

var slotsEnglish = map[string][]string{
	"app":      {"Reading Meadow", "Math Orchard", "Fact Falls", "Letter Nest", "Word Kite", "Science Lantern", "Story Harbor", "Number Trail"},
	"page":     {"the assignments page", "the class page", "the quiz page", "the discussion page", "the unit page", "the calendar"},
	"unit":     {"the ecosystems unit", "the fractions unit", "the poetry unit", "unit {u:2-9}", "the lab safety unit", "the migration unit", "the persuasive writing unit", "the water cycle unit"},
	"message":  {"\"Something went wrong\"", "\"Try again later\"", "\"You do not have access\"", "\"This page can't be reached\"", "\"Error {err:102-989}\"", "\"Contact your administrator\""},
	"browser":  {"the browser", "a private window", "another browser"},
	"doc":      {"the field trip letter", "the quiz", "the IEP pages", "the sub plans", "my worksheets", "the study guide", "the attendance list", "the lunch forms", "the newsletter", "the lab sheets"},
	"spot":     {"the back tables", "the window side", "the far corner", "the reading rug", "the desks by the door"},
	"event":    {"the assembly", "back-to-school night", "the spelling bee", "the science fair", "the winter concert", "picture day", "the staff meeting", "conferences", "the book fair", "family night"},
	"printer":  {"the workroom printer", "the office copier", "the hallway printer", "printer {pr:2-9}", "the library printer", "the big copier"},
	"form":     {"enrollment form", "lunch form", "bus form", "field trip form", "health form"},
	"month2":   {"January", "February", "March", "April", "May", "October", "November"},
	"month3":   {"June", "July", "early August"},
	"app2":     {"Page Garden", "Sum Station", "Clay & Ink", "Lab Bench"},
	"subject2": {"math", "science", "history", "reading"},
	"animal":   {"owls", "frogs", "bees", "whales", "our class snail", "penguins", "bears", "butterflies"},
	"data":     {"the weather of our town", "the school lunch", "baseball", "earthquakes", "old census pages", "bus times"},
	"doc2":     {"phone numbers", "lunch accounts", "bus stops", "reading levels"},
	"bus":      {"22", "7", "14", "after-school", "31"},
	"key":      {"A", "E", "space", "shift", "enter", "M", "delete", "T"},
	"topic":    {"volcanoes", "the Dust Bowl", "sea turtles", "women in space", "bridges", "jazz", "vaccines", "the Underground Railroad", "recycling", "sleep"},
	"fee":      {"${d:15-85}"},
	"skill":    {"sharing a class calendar", "the new gradebook", "making short videos", "feedback with comments", "quizzes that grade themselves", "captions and read-aloud", "shared slides", "the class display", "progress reports", "small-group rotations online"},
	"leader":   {"the principal", "our department", "the PLC", "the team", "the front office"},
}
