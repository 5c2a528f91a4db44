package demo

// planAgain is what comes back after a lesson that was planned together.
var planAgain = []pair{
	{"We tried it today. [The first half was lovely, then the time ran out|It worked with half of the groups].", "That is more than most get on the first day. I come on {nextday} for the second half, and we cut one step."},
	{"The plan is good, but {nextday} turned into an assembly.", "Then we move it. I hold {period} in the week after for you, everything stays ready."},
	{"I got cold feet. Could you start it with them?", "Of course. I start, you take over after ten minutes, and I stay in the room."},
}

// plansDone are words with which a plan is finished.
var plansDone = []string{
	"I come [to your {period}|on {nextday}] with everything ready, start it with the class and stay until each group has [saved something|shown one thing].",
	"The page is in your class, with a sample to show. Two sheets are in your mailbox: one for you, one for the kids. I am in the room next door if you need me.",
	"We tried it together and it holds. You have the steps on one page, a sample, and a plan B on paper.",
	"Everything is set up: groups, links and a timer. I visit for the first twenty minutes.",
	"Here is the plan on one page: [three|four] steps, what to say at each, and what to do when a screen goes black. I look in at the start.",
}

var planTalk = []situation{
	{says: []says{
		{"tMH?", "Students film a [lab report|short explanation|book talk] and explain what they [measured|found|would change]\n[Two|Three] minutes each, in groups of [three|four]. [What worries me is the sound.|They have never filmed for class.|I'd like them to be heard, all of them.]"},
		{"tE?", "Each child records a page of our class book about {animal}\n[They tell it, I'd put it together.|One after the other in the hallway?] [Some are very shy.|The families would get it for the last day.]"},
		{"tMH?", "A class podcast about {topic}\n[Five groups, five parts.|With interviews of people in the building.] [I don't know how to cut sound.|Two weeks, not more.]"}},
		first: []string{"I like it. Half of them could record in the library, and I have six small microphones. Which two periods next week would you use?", "Lovely. Sound is easier than it looks; let's do one minute together first."},
		note:  []string{"Six microphones are free that week. Book the small room."},
		qa:    []pair{{"How many groups, and may their voices be shared with families?", "[Six groups of four|{few} groups], and yes, I have the forms. [All but one, that one draws.|]"}},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "Students map [where their families came from|the trees of our school yard|the places of the novel]\n[A shared map on which each adds a place and three sentences.|With photos they take.] [I have never made one.|The map I tried put everybody's name on it.]"},
		{"tE?", "We make a map of our neighborhood\n[Each child adds one place and says why.|With drawings, not photos.] [We walk there on {nextday}.|]"}},
		first: []string{"A shared map takes five minutes to set up. Names stay off it: first letters only. I make one for you to try today."},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "Students measure [temperature|light|noise] [around the building|for a week] and compare\n[With sensors, if we have any.|One sheet for all of them.] [They should draw the graph themselves.|I want them to argue with it.]"},
		{"tE?", "We count [birds|bikes|rainy days] and want to see it as a picture\n[Each child presses one key a day.|A graph that grows.] [Very simple, please.|]"},
		{"tMH?", "One data set, {kids} questions: students ask their own of {data}\n[A table with a few hundred rows.|Then a graph and one sentence.] [Half of them fear spreadsheets.|]"}},
		first: []string{"Good, something real to count. We have {few} sensors, and a sheet that all of them can fill at once."},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "Peer feedback on [drafts|lab reports|speeches] that is kind and of use\n[Each reads two and writes three lines.|Without seeing the name.] [Last time it was all \"nice\".|I'd like to see all of it.]"},
		{"tMH?", "A silent discussion about {topic}\n[Everybody writes, nobody talks, twenty minutes.|I want the quiet ones to be heard.] [How do I keep it friendly?|]"},
		{"tE?", "The children tell each other two stars and a wish about their stories\n[Half of them don't write much yet.|With their voice, maybe.]"}},
		first: []string{"Three sentence starters make all the difference. I have a sheet from another class, shall we fit it to yours?"},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "A quick check at the end of each lesson in {subject}\n[Three questions, one minute.|So I know who is lost before the next day.] [I don't want another app.|]"},
		{"tE?", "I listen to each child read once a week and lose track\n[{kids} of them, ten minutes a day.|Could they record and I listen later?]"},
		{"tMH?", "Stations about {unit}, one of them with Chromebooks\n[Four stations, ten minutes each.|The one with screens must run without me.]"}},
		first: []string{"That can run by itself. Let's write the questions together, the rest is one click."},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "We talk with [a scientist|an author|a class in another state] by video\n[On {nextday}, {period}.|Forty minutes, and each has one question.] [I'd like a dry run.|What if the picture freezes?]"},
		{"tE?", "We'd like to read to another kindergarten on the screen\n[They read to us too.|My friend teaches there.] [How close must they sit?|]"}},
		first: []string{"Great guest. We do a dry run on your display the day before, and I bring the good microphone."},
		note:  []string{"Test with the guest's network the day before. Have the phone number ready."},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "Students write a small program that [quizzes a friend|draws a pattern|rolls dice {n:1-9}00 times]\n[None of them has done it before.|Neither have I.] [For {subject}, so it should have to do with it.|]"},
		{"tE?", "We make a robot follow our story path\n[The floor ones from the library.|Left and right are still hard.] [Four groups.|]"},
		{"tH?", "A simulation instead of the dangerous part of the lab\n[{Unit}.|They should change one thing and see what happens.]"}},
		first: []string{"Start small and laugh often. I have a first step that takes ten minutes and always works."},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "Students check whether a claim about {topic} is true\n[Three sources, one page.|They believe the first thing they see.] [I need good bad examples.|]"},
		{"tH?", "How do I let them use a writing assistant honestly?\n[They do anyway.|I'd like rules they help to make.] [One essay, to try it.|]"},
		{"tMH?", "Escape room about {unit} as a review\n[Six locks, groups of four.|The test is on {nextday}.]"}},
		first: []string{"I have a set of examples that fooled the staff meeting too. Let's pick five."},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "Read-aloud and captions for {unit}\n[{Few} students need it, all may use it.|Without anybody standing out.]"},
		{"tE?", "Three languages in one picture book\n[The families help with the words.|Each child hears the own one.]"},
		{"tMH?", "The same lesson for {pupil}, who is at home for {n:2-6} weeks\n[With the class, if we can.|One camera, one voice, no fuss.]"}},
		first: []string{"Glad you think of this at the start. Most of it is a switch; I show you where it is."},
		solve: plansDone, redo: planAgain},
	{says: []says{
		{"tMH?", "A digital portfolio for {subject}\n[Four pieces and why they chose them.|For the conferences on {nextday}.] [I can't look at {kids} times ten pages.|]"},
		{"tMH?", "An exhibit about {topic} in the hallway with codes to scan\n[Each picture tells its story.|Families come on {nextday}.]"},
		{"tE?", "Our museum of {animal}\n[A drawing, and one hears the child tell about it.|Families scan and listen.]"}},
		first: []string{"Beautiful. One page per child, the same for all, and the code prints by itself."},
		solve: plansDone, redo: planAgain},
}
