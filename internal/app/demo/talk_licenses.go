package demo

var licenseTalk = []situation{
	{says: []says{ // expired or no seats
		{"tMH#2", "{App} says our license is expired\n[{Class} was in the middle of a lesson.|It worked on {weekday}.]"},
		{"tE~1z", "No seats left in {app}\n[{Few} of my {graders} can't get in.|They watch the others.]"},
		{"tMH~3", "{App} gives us the free version\n[Every third click is an ad.|We had all of it last year.]"},
		{"k~2z", "{app} says trial over\n[I have an assignment in it for {subject}.|Only on my account.]"}},
		first:  []string{"I see the seats. Let me find out who is still holding one without using it."},
		vendor: []pair{{"We have paid and their list does not know it. {vendor} is looking for the invoice with me.", "{vendor} found it. All seats are open again, until {date} next year."}},
		solve:  []string{"I freed the seats of students who have left. Yours are in.", "The renewal took effect this morning. Close {app} once and open it from the start page.", "Your class was on the free plan by a slip. It has the full one."},
		redo:   []pair{{"All in but {few}, who still see the trial.", "They had two accounts. The wrong ones are gone."}},
	},
	{says: []says{ // may I have
		{"t?124", "Can we get {app} for {class}?\n[I saw it at a conference.|{kids} students, one unit.] [What does it cost?|]"},
		{"tE?124", "My {graders} would love {app}\n[A friend in another district has it.|Is it safe for them?]"},
		{"s?3qz", "Who orders [headphones|a label printer|a second screen]?\n[Ours is worn out.|{n:2-12} of them.] Is there a budget?"},
		{"t?24", "Is {app} allowed?\n[It asks the kids for a birthday.|Half of my team uses it already.]"},
		{"k?2z", "can i get {app} on my chromebook\n[For a project in {subject}.|It says ask your admin.]"}},
		qa:     []pair{{"For which lesson would you use it, and how often? That helps me ask for the right thing.", "[{Unit}, about three weeks|Twice a week in small groups|Once, for a project]. [It would help the slow readers most.|]"}},
		vendor: []pair{{"I asked {vendor} about student data first. They have two weeks to answer.", "{vendor} signed our data agreement. You can start, and I put it on the start page."}},
		solve:  []string{"We already have something like it: {app2}. I put it on your start page; if it falls short, tell me where.", "Approved for your class until June. It is on the start page.", "Ordered. It comes with the mail on {nextday} or the day after.", "Not with students, I am sorry: it keeps their data for ads. I wrote you two others that are fine."},
	},
	{says: []says{ // renewals
		{"s?1", "When does {app} end?\n[{Leader} asks for the budget.|The letter from {vendor} says something else than my list.]"},
		{"t?2", "Will we still have {app} next year?\n[I'd like to plan with it.|They told me at the booth it's going away.]"},
		{"s~3", "A bill from {vendor} came to our school\n[{fee}0, and nobody here ordered it.|It's addressed to somebody who left.]"}},
		first: []string{"Good that you ask before it ends. I am looking at the contract and at how much it is used."},
		solve: []string{"It runs until {date} next year. I wrote the date in the list that you can see too.", "Yes, it is renewed. {n:40-90} percent of the seats are used every week, that made it easy.", "That one is ours, I took it over. Please send the next one on without opening it."},
	},
	{says: []says{ // installing, assigning
		{"t~1", "{App} is not on the machines in {here}\n[It was before the summer.|Cart {cart} has it, ours don't.]"},
		{"t?2", "How do I give my seats to {class}?\n[I have them for another section.|{n:12-30} of them.]"},
		{"s#3", "The [label|badge|budget] program wants a key\n[New computer, {stafftag}.|The box is gone.]"},
		{"tE~4", "{App} is on {n:3-9} of our tablets only\n[We take turns and there are tears.|Can it come to all {kids}?]"}},
		solve: []string{"It installs itself tonight on all of them; leave them in the cart, plugged in.", "Open the seats page, tick the names, press Move. I did the first row with you.", "The key is with us, not in the box. It is entered, and it will come along with the next computer.", "All tablets have it now."},
		redo:  []pair{{"It's there, but asks for a password to install more.", "A part of it had to be allowed. It is complete now."}},
	},
	{says: []says{ // books, subscriptions
		{"t?1", "Online book for new students\n[{Few} came since {weekday}.|They have the paper one.]"},
		{"k#2", "the online book for {subject} says not assigned\n[I have a test on chapter {n:3-12}.|Everyone else can read it.]"},
		{"s?3", "The library database doesn't know our school anymore\n[{Grade} writes papers now.|It asks for a card number.]"},
		{"g?4", "Is there an online version of the {subject2} book?\n[{He} left it in the bus.|It's very heavy.]"},
		{"g?5", "Do we have to buy {app}?\n[{He} says everybody has it.|The page asks for {fee} a year.]"}},
		solve: []string{"The books are given to all new ones. They show up on the start page after signing in again.", "It was given to your old section. You can read it now.", "The address of our school had changed on their side. It opens without a card.", "Yes, and it is free for you. It is on the start page, under Books.", "No. Please do not pay anything: the school has it, and it is on the start page."},
	},
	{when: "rush", says: []says{
		{"tMH~1", "{App} still has last year's classes\n[My seats are with students who are in {grade} no more.|{kids} new ones wait.]"},
		{"tE?2", "Which apps do {graders} have this year?\n[The list on the wall is old.|I'd like to tell the families.]"}},
		solve: []string{"The seats moved with the new roster. Your new ones are in.", "The list for your grade is on the staff page, with a version for families in two languages."},
	},
	{when: "spring end", says: []says{
		{"s?1", "Which licenses do we drop next year?\n[{Leader} has to cut {fee}00.|I can say what nobody uses here.]"},
		{"t?2", "Please keep {app}\n[I hear it's on the list.|My {kids} use it every day, here are the numbers.]"}},
		first: []string{"Thank you, that helps: a teacher's word weighs more than a click count."},
		solve: []string{"I put use and price side by side and sent it to you. Two of them had under {n:4-12} users.", "It stays. Your note went into the packet for the board."},
	},
}
