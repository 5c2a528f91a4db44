package demo

// talk is what is said about one request, from the asking to the thanks. The
// texts are those of the people who speak; each may be "" where nobody says
// anything.
type talk struct {
	service string // key of a service or duty
	impact  string // stopped, blocked, slowed, question
	private string // "", suspicious_mail, lost_device, privacy, safety
	ask     string // a first line as a title, then perhaps more
	class   string // the class, if this is a plan to make with somebody; service is then ""

	first  string // the helper's first public reply
	note   string // for helpers only
	tried  string // what was tried before it was handed up
	waitOn string // "", requester, vendor, part
	wait   string // what the helper says when it begins to wait
	answer string // what the requester answers to that, if it waits on them
	solve  string // the helper's words with the solution
	again  string // the requester's, if it is not fixed after all
	redo   string // the helper's second solution
	thanks string // the requester's with "That fixed it"
}

// asker is somebody who asks, as far as their words depend on it.
type asker struct {
	role   string // teacher, staff, student, guardian
	name   string // full name
	title  string // "Grade 7 science", "Office manager"
	level  string // elementary, middle, high, office
	place  string // short name of the site
	room   string // "" if none
	lang   string // "" English, "es-US"
	helper string // first name of who will answer
}
