package demo

var trainingTalk = []situation{
	{says: []says{ // a session
		{"t?12", "Is there a short session on {skill}?\n[{Few} of us in {subject} would come.|Thirty minutes would do.] [After school is best.|]"},
		{"tE?12", "Could somebody show our grade {skill}?\n[We're {n:3-6} teachers and one long lunch on {nextday}.|We bring the cookies.]"},
		{"s?12", "Training on {skill} for the office?\n[{Few} of us.|Not on a Monday, please.]"},
		{"t?3", "I missed the session on {weekday}. Is it coming again?\n[I had a sub day.|It was {skill}, I think.]"}},
		first: []string{"Gladly. I look for a time that your group can make.", "Yes, and thank you for asking together. I have a room in mind."},
		qa:    []pair{{"How many would come, and is before or after school better?", "[About {n:4-12}, after school|{few}, at lunch|Six or so, before school]. [Thank you!|]"}},
		solve: []string{"{Nextday}, half an hour, in the library. I saved chairs for your group; bring something you want to finish.", "It is on the calendar, with a sign-up link. If nobody can make it, I come to your team meeting instead.", "It comes again next week. Until then here is the two-page guide with pictures."},
		redo:  []pair{{"That day we have a staff meeting, could we move it?", "Moved by a day, same room. The others know."}},
	},
	{says: []says{ // show me
		{"t?", "Could you show me {skill} [some time this week|in my room]?\n[I learn it by doing.|The guide jumps over the step I need.] My prep is {period}."},
		{"tE?", "I'd like to learn {skill}, very slowly\n[Pretend I'm in {grade}.|I've been teaching for {n:19-34} years without it.]"},
		{"s?", "Ten minutes with somebody who knows {skill}?\n[I do it the long way.|Mornings are bad, {h:1-2} o'clock is good.]"},
		{"t?", "First year here, and I don't know {skill}\n[Everybody talks as if I did.|{Newperson} said to ask you.]"}},
		first:  []string{"With pleasure. I come to you.", "Nobody is born with it. Let's do it with your own class, then it stays."},
		solve:  []string{"We did it together with your class page. The three steps are on a card by your screen.", "Good work today. You have two done, the third you do alone, and I look at it if you like.", "I left you a short film of exactly what we did, three minutes."},
		thanks: []string{"I did the next one alone! Thank you.", "You explained it so well. Thanks.", "That was easier than I feared. Thank you."},
	},
	{says: []says{ // hours and certificates
		{"t?1z", "Where do my hours for {weekday}'s session show up?\n[I need {n:6-30} by June.|It says zero.]"},
		{"t~2", "The course page says I'm not finished but I am\n[{Skill}, all {n:4-9} parts.|The last part has no check mark.]"},
		{"s~3z", "The yearly safety course does not open\n[Due on {nextday}.|It stops at the film.]"},
		{"s?4z", "Who has not done the yearly course at {place}?\n[{Leader} wants the list.|I have to remind them.]"}},
		vendor: []pair{{"Their page lost the last step. I sent {vendor} your name and the date.", "{vendor} put it right; the course shows as finished on the day you did it."}},
		solve:  []string{"They are in now, with the date of the session. You need {n:2-9} more.", "The last film has to play to its end, it is the credits that count. I marked it for you.", "The film plays now; it was blocked on office computers.", "The list is in your folder and renews itself each night."},
	},
	{says: []says{ // subs, aides, new
		{"s?1", "A short introduction for {few} new aides\n[Sign-in, calendar, printing.|They start on {nextday}.]"},
		{"t?2", "Something for my sub folder about the display\n[They call the office every time.|One page with pictures.]"},
		{"t?3", "Can my student teacher come to a session?\n[{Newperson}, with me until spring.|{Skill} would help.]"}},
		solve: []string{"I meet them on their first morning for forty minutes. The sheet to take along is in your tray.", "The page is in your mailbox, with photos of your own room.", "Of course, the name is on the list."},
	},
	{says: []says{ // families and students
		{"g?1", "Is there an evening for parents about the platform?\n[I would like to learn it too.|Many of us asked after {event}.]"},
		{"g?2", "Who can show me how to help with homework online?\n[I did not grow up with it.|{He} is faster than I can look.]"},
		{"k?3", "can you show our club {skill}\n[We are {n:5-14}, on {nextday}s.|{Teacher} said yes.]"},
		{"k?4", "how do i make a video for {subject}\n[With a voice over the pictures.|It has to be two minutes.]"},
		{"g?5", "Could the workshop be in the daytime?\nI work nights, and so do others."}},
		solve: []string{"There is one on {nextday} at six, with child care and an interpreter. You are on the list.", "I am happy to sit with you for half an hour at the school, day or evening. Call the office for a time.", "I come to the club. Bring ideas, I bring the microphones.", "Stop by the library, we make the first ten seconds together and you do the rest.", "We will have one in the morning too, after drop-off, with coffee. You are on the list."},
	},
	{when: "rush", says: []says{
		{"t?1", "New here: is there a first-week tour of {skill} and the rest?\n[I start on {nextday}.|{few} of us are new at {place}.]"},
		{"tE?2", "How do I teach {graders} to sign in without losing a morning?\n[Last year it took three.|Is there a trick?]"},
		{"s?3", "Could you come to our opening day for {n:15-30} minutes?\n[Staff of {place}, in the library.|What changed over the summer.]"}},
		solve: []string{"Yes: the tour is on {nextday} before school, and there are muffins.", "There is a trick with picture cards and a song. I come for the first morning.", "I am in for opening day. I keep it to three changes."},
	},
	{when: "winter spring", says: []says{
		{"t?1", "We want to visit a class that does {skill} well\n[{Few} of us.|Half a day, with subs paid by {leader}.]"},
		{"t?2", "Could our team get a coach for {n:3-6} weeks?\n[{Skill}, in every class.|We asked {leader} and got a smile.]"}},
		solve: []string{"You can visit on {nextday}. I come along, and we talk on the way back.", "Yes, we start with one class each and meet on Thursdays."},
	},
	{when: "end summer", says: []says{
		{"t?1", "Which sessions are there in the summer?\n[I'd like {skill}.|Before we go on vacation.]"},
		{"t?2", "May I lead a session myself next year?\n[On {skill}.|It took me {n:3-7} years to get it right.]"}},
		solve: []string{"The list came out today. I put your name on the one you want, in the first week.", "We would love that. Let's plan it over a coffee; you get hours for it too."},
	},
}
