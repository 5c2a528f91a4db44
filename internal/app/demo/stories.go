package demo

// story is one request and what became of it. Times are school days back from
// today and a time of day; steps follow in minutes.
type story struct {
	day     int // school days ago; 0 is today
	at      string
	by      string // who asks
	text    string
	impact  string
	service string
	site    string // "" is where by works
	room    string
	private string
	hallway string // the helper who wrote it down
	class   string // somebody plans this with a class
	within  int    // for when, in days from asking or on the next school day
	steps   []step
}

type step struct {
	after int // minutes after the step before
	by    string
	do    string // take, reply, note, wait-requester, wait-vendor, wait-part, solve, finish:<outcome>, fixed, not-fixed, hand:<team>, follow, impact:<impact>
	text  string
}

var stories = []story{
	{day: 0, at: "8:14", by: "tessa", impact: "stopped", service: "signin", text: "Nobody in 7B can get past the sign-in page\nWe click \"Sign in with school account\", pick the account and it goes in circles. 28 kids, all of them. It worked yesterday.", steps: []step{
		{2, "dana", "take", ""},
		{1, "dana", "reply", "Got it, Tessa. It is not your class, it is the roster sync. Use today's guest code on the board so you can start now: MARSH 0720."},
		{1, "dana", "note", "Same loop at Orchard. The roster import ended at 6:10 with half the classes renamed. Do not reset anyone's password."},
	}},
	{day: 0, at: "8:19", by: "luis", impact: "stopped", service: "signin", text: "Whole cart says \"account not found\"\nGrade 8 math, cart 3. Every Chromebook shows the same words.", steps: []step{{3, "bea", "take", ""}}},
	{day: 0, at: "8:26", by: "jo", impact: "slowed", service: "displays", room: "105", text: "Projector flickers then goes black\nAbout every ten minutes. Unplugging brings it back."},
	{day: 0, at: "8:31", by: "marisol", impact: "blocked", service: "platform", text: "Mi hijo no puede entrar a la plataforma\nDice que la contraseña no sirve desde el lunes. Tiene tarea para mañana."},
	{day: 0, at: "8:40", by: "owen", impact: "slowed", service: "chromebooks", text: "My charger stopped working, JV-10442\nThe light does not come on anymore."},
	{day: 0, at: "8:52", by: "abel", impact: "blocked", service: "testing", text: "Testing browser asks for an update again\nLab C, 14 of 30 machines. Practice test is in third period.", steps: []step{{6, "priya", "take", ""}, {2, "priya", "reply", "On my way to Lab C now. Please let them keep the laptops open."}}},
	{day: 0, at: "9:05", by: "ken", impact: "slowed", service: "signin", text: "Roster shows last year's class names\nMy second graders are listed as first grade, room 4."},
	{day: 0, at: "9:10", by: "mercy", impact: "question", private: "privacy", text: "A spreadsheet with student phone numbers was shared with all staff\nI saw it in the shared folder this morning. I did not open it further. Who should take it down?"},
	{day: 0, at: "9:15", by: "ines", impact: "slowed", service: "printing", room: "Workroom", text: "Printer 2 in the workroom streaks\nGray lines down every page since Friday."},
	{day: 0, at: "9:22", by: "hana", hallway: "priya", impact: "slowed", service: "gradebook", text: "Gradebook column will not unlock"},
	{day: 0, at: "9:30", by: "dan", impact: "question", service: "phones", text: "Bell schedule for early release on Thursday\nCan the bells follow the early release times this week?"},

	{day: 1, at: "8:05", by: "greta", impact: "stopped", service: "displays", text: "No picture on the display, lab starts in five minutes\nSound works. HDMI from my laptop.", steps: []step{
		{3, "priya", "take", ""}, {4, "priya", "reply", "I am at your door. It is the input: the wall cable goes to HDMI 2."}, {6, "priya", "solve", "Set to HDMI 2, and I put a label on the remote."}, {20, "greta", "fixed", ""}}},
	{day: 1, at: "9:40", by: "tom", impact: "slowed", service: "wifi", text: "Tablets drop off the Wi-Fi in the Red room\nThey come back when we stand near the door.", steps: []step{
		{50, "bea", "take", ""}, {10, "bea", "reply", "The access point over the sink restarts by itself. I have ordered a new one. Until it is here, the hallway one is turned up."}, {1, "bea", "wait-part", ""}}},
	{day: 1, at: "10:12", by: "jo", impact: "question", service: "licenses", text: "12 headphones for the reading block?\nOurs are worn out. Who orders them?", steps: []step{{90, "wes", "take", ""}, {5, "wes", "reply", "Ordered, they arrive Tuesday. I will bring them to room 105."}, {1, "wes", "wait-vendor", ""}}},
	{day: 1, at: "11:00", by: "mercy", impact: "question", service: "accounts", text: "New student needs a device and account\nStarts Monday in grade 7. Speaks Portuguese at home.", steps: []step{{30, "dana", "take", ""}, {3, "dana", "reply", "The account is made. Which homeroom, so that the Chromebook waits there?"}, {0, "dana", "wait-requester", ""}}},
	{day: 1, at: "13:20", by: "carmen", impact: "question", service: "platform", text: "¿Dónde veo las calificaciones de mi hija?\nLa escuela dijo que están en la plataforma, pero solo veo el calendario.", steps: []step{{60, "dana", "take", ""}, {8, "dana", "reply", "Buenos días, Carmen. En la parte de arriba elija el nombre de su hija y después «Calificaciones». Si no aparece, dígame y la llamo."}, {1, "dana", "solve", ""}, {300, "carmen", "fixed", ""}}},
	{day: 1, at: "14:02", by: "eli", impact: "slowed", service: "chromebooks", room: "4", text: "Six Chromebooks with cracked hinges in cart 11\nThey close by themselves.", steps: []step{{40, "wes", "take", ""}, {2, "wes", "note", "Same model as the batch at Mill Pond. Ask the vendor about the warranty before we pay for parts."}, {3, "wes", "reply", "I will swap them on Thursday before school. Please put tape on the six."}}},
	{day: 1, at: "15:05", by: "joel", impact: "question", private: "safety", text: "A student says someone is using his account to write to others\nPlease call me, I do not want this in the open list.", steps: []step{{12, "ruth", "take", ""}, {3, "ruth", "reply", "I am calling you now, Joel. The account is locked and the messages are kept."}}},

	{day: 1, at: "9:20", by: "tessa", class: "7B, science", within: 12, text: "Students film a lab report and explain what they measured\nTwo minutes each, in groups of three. They have Chromebooks. What worries me is the sound: 28 kids talk at once.", steps: []step{
		{55, "sam", "take", ""},
		{6, "sam", "reply", "I like it. Half of them could film in the library, and I have six small microphones. Which two periods next week would you use? Then I plan the groups with you."}}},

	{day: 2, at: "8:30", by: "abel", impact: "slowed", service: "wifi", room: "204", text: "Video stops every few minutes in room 204", steps: []step{{25, "priya", "take", ""}, {5, "priya", "note", "Signal is fine in the room. Handing it to the network people with the times Abel wrote down: 8:31, 8:36, 8:44."}, {1, "priya", "hand:network", ""}, {60, "bea", "take", ""}, {30, "bea", "solve", "The switch port in 204 was set to half speed. It is full speed now. Tell me if it happens again."}}},
	{day: 2, at: "9:15", by: "hana", impact: "blocked", service: "printing", text: "Nothing comes out of the office printer\nTen jobs wait and it says ready.", steps: []step{{15, "priya", "take", ""}, {20, "priya", "solve", "The queue was stuck on one huge file. I removed it and the rest came out."}, {5, "hana", "not-fixed", "It worked for two pages and stopped again."}, {25, "priya", "hand:devices", ""}, {5, "wes", "take", ""}, {10, "wes", "reply", "It is the network card this time. I am bringing a spare printer after lunch."}}},
	{day: 2, at: "10:00", by: "tessa", impact: "question", service: "platform", text: "How do I copy last year's unit to this year's class?", steps: []step{{35, "sam", "take", ""}, {4, "sam", "reply", "Open the unit, press the three dots, choose Copy to, and pick 7B. The due dates move along if you tick Shift dates. Shall I show you at lunch?"}, {40, "sam", "solve", ""}, {10, "tessa", "fixed", ""}}},
	{day: 2, at: "11:30", by: "ines", impact: "question", private: "suspicious_mail", text: "A message says my mailbox is full and wants my password\nIt looks like it comes from the district. I did not click.", steps: []step{{8, "ruth", "take", ""}, {2, "ruth", "reply", "Thank you for asking first. It is fake. You did everything right; please delete it."}, {1, "ruth", "solve", ""}}},
	{day: 2, at: "13:45", by: "owen", impact: "slowed", service: "chromebooks", text: "Screen cracked, JV-09317\nIt fell from my desk in gym.", steps: []step{{50, "priya", "take", ""}, {5, "priya", "reply", "Come to the library after sixth period. A loaner waits there for you."}, {70, "priya", "solve", "Loaner JV-20031 handed out. The cracked one goes to the workshop."}}},

	{day: 3, at: "8:10", by: "ken", impact: "stopped", service: "displays", text: "Sound cuts out on the class display\nMorning meeting is right now.", steps: []step{{9, "wes", "take", ""}, {2, "wes", "reply", "I am in the building. Five minutes."}, {15, "wes", "solve", "The cable behind the display was half out."}, {3, "ken", "fixed", ""}}},
	{day: 3, at: "9:50", by: "greta", impact: "question", service: "training", text: "Is there a short session on the new gradebook?\nFour of us in science would come.", steps: []step{{120, "priya", "take", ""}, {10, "priya", "reply", "Yes: Thursday at 2:45 in Lab C, 30 minutes. I will save four chairs."}, {1, "priya", "solve", ""}}},
	{day: 3, at: "10:40", by: "dan", impact: "blocked", service: "phones", text: "The front desk phone has no dial tone", steps: []step{{20, "bea", "take", ""}, {30, "bea", "solve", "The phone lost its power from the network. Moved to another port."}, {60, "dan", "fixed", ""}}},
	{day: 3, at: "14:15", by: "luis", impact: "slowed", service: "gradebook", text: "Averages are wrong after I changed a weight\nTests count 60 instead of 40 percent.", steps: []step{{45, "dana", "take", ""}, {15, "dana", "reply", "The weight was saved for the term and not for the year. I fixed yours; the averages are right now. Please look."}, {1, "dana", "solve", ""}}},

	{day: 4, at: "8:20", by: "jo", impact: "slowed", service: "printing", text: "Color prints come out pink", steps: []step{{30, "sam", "take", ""}, {5, "sam", "hand:devices", ""}, {45, "wes", "take", ""}, {20, "wes", "solve", "Cleaned the drum and printed a test page."}, {15, "jo", "fixed", ""}}},
	{day: 4, at: "9:30", by: "eli", impact: "question", service: "accounts", text: "A student teacher starts with me next week\nWhat does she need to sign in?", steps: []step{{60, "dana", "take", ""}, {5, "dana", "reply", "Her name and start date are enough. I will send her first password to you on paper."}, {1, "dana", "wait-requester", ""}, {200, "eli", "reply", "Jamie Cho, starts on the 9th."}, {20, "dana", "solve", "Done. The envelope is in your mailbox."}}},
	{day: 4, at: "10:05", by: "tom", impact: "slowed", service: "displays", room: "Blue room", text: "The big tablet in the Blue room does not turn", steps: []step{{80, "wes", "take", ""}, {10, "wes", "solve", "The rotation lock was on."}}},
	{day: 4, at: "13:10", by: "abel", impact: "slowed", service: "chromebooks", text: "Cart 7 came back with 26 of 30", steps: []step{{25, "priya", "take", ""}, {90, "priya", "solve", "Found: four were in the library, on the return shelf."}, {8, "abel", "fixed", ""}}},
	{day: 5, at: "8:45", by: "tessa", impact: "slowed", service: "displays", room: "214", text: "Projector bulb, room 214\nIt is very dim, and the kids in the back can't read it.", steps: []step{{20, "sam", "take", ""}, {5, "sam", "reply", "I am coming at 10:25 with a new bulb."}, {110, "sam", "solve", "New bulb is in."}, {15, "tessa", "fixed", ""}}},
	{day: 5, at: "9:25", by: "hana", impact: "question", private: "", service: "data", text: "Two students appear twice in my class list", steps: []step{{60, "dana", "take", ""}, {30, "dana", "solve", "They moved between sections last week. The old entries are gone."}}},
	{day: 5, at: "11:15", by: "ines", impact: "question", private: "lost_device", text: "A staff laptop was left on the 22 bus\nAsset tag JV-S-0117. It is Mercy's.", steps: []step{{6, "ruth", "take", ""}, {2, "ruth", "reply", "It is locked and erased from here. Please ask the bus company and tell me what they say."}, {0, "ruth", "wait-requester", ""}}},
	{day: 6, at: "9:10", by: "abel", class: "10A, history", within: 9, text: "Students map where their families came from\nA shared map on which each adds a place, a year and three sentences. I have never made one.", steps: []step{
		{35, "priya", "take", ""},
		{10, "priya", "reply", "A shared map takes five minutes to set up. Names stay off it: first letters only. I make one for you to try today."},
		{180, "priya", "finish:visit", "I come to your third period with the map ready, start it with the class and stay until everybody has added a place. The link is in your class page already."},
		{25, "abel", "fixed", "I tried it with my own family. See you then."}}},
	{day: 6, at: "10:30", by: "dan", impact: "slowed", service: "wifi", text: "Guests can't join the guest Wi-Fi in the front office", steps: []step{{40, "bea", "take", ""}, {25, "bea", "solve", "The guest code had run out. This week's is on the wall again."}, {30, "dan", "fixed", ""}}},
	{day: 7, at: "9:00", by: "greta", impact: "blocked", service: "chromebooks", room: "221", text: "Chromebook keys typed twice\nEvery letter comes out double on four of them.", steps: []step{{30, "priya", "take", ""}, {10, "priya", "note", "Third time for this model. Worth a word with the vendor."}, {60, "priya", "solve", "Swapped all four."}, {5, "greta", "fixed", ""}}},
}
