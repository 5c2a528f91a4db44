package demo

import "slices"

// usual is what people say about anything, in one language.
type usual struct {
	hello []string
	first []string
	qa    map[string][]pair // by the role of whoever asked
	redo  []pair
	// redoQuestion is for whoever had asked how something goes.
	redoQuestion []pair
	// firstYoung and redoYoung are for students, where the language says you in
	// another way to them.
	firstYoung []string
	redoYoung  []pair
	vendor     []pair // for what only a vendor can mend
	thanks     map[string][]string
	after      map[string][]string // afterthoughts by role, and role+impact
	detail     []string
	slip       string
}

// questions are what a helper may ask back about anything of this kind.
func (u *usual) questions(role string, about talk) []pair {
	switch {
	case about.service == "":
		return nil
	case about.impact == "question":
		return u.qa[role+" question"]
	case role == "student" && about.service != "chromebooks":
		return u.qa["student elsewhere"]
	}
	return u.qa[role]
}

func usually(spanish bool) *usual {
	if spanish {
		return &usualSpanish
	}
	return &usualEnglish
}

// more are the afterthoughts of somebody about something.
func (u *usual) more(who asker, service, impact string) []string {
	if service == "plan" {
		return u.after["plan"]
	}
	list := u.after[who.role+" "+impact]
	if who.level == "elementary" {
		list = slices.Concat(list, u.after[who.role+" "+impact+" elementary"])
	}
	return list
}

var usualEnglish = usual{
	hello: []string{"Good morning!", "Hi {helper}!", "Hello!", "Hi there.", "Hi, sorry to bother you.", "Me again, sorry.", "A quick one.", "Hello {helper}, hope your week is going well.", "Only when you have a minute.", "Not sure if this is the right place.", "Hi from {place}."},
	first: []string{
		"Thanks, {me}. [I have it|Got it] and [I am looking now|will look today].",
		"I see it, {me}. I will write as soon as I know more.",
		"Thank you for [writing|the details], {me}. I am on it.",
		"Got it. [You do not need to do anything more for now|I have what I need from you]; I will come back to you today.",
		"Thanks for telling us, {me}. I am checking it [right now|this hour].",
		"Hello {me}, I have this one. You will hear from me before the day is over.",
		"On my list for this morning, {me}. If it gets worse, write here and I will come sooner.",
	},
	qa: map[string][]pair{
		"teacher": {
			{"When is a good time to come by, {me}, so that I do not interrupt a class?", "[My prep is {period}|After dismissal is best|Any time during {period}]. [The door is open.|Just come in, we don't mind.|]"},
			{"Does it happen with everybody in the class, or always with the same ones?", "[Always the same {few}|Everybody, as far as I can see|Different kids each day]. [I wrote the names on a list for you.|]"},
			{"Could you tell me what is on the screen the next time it happens? A photo is perfect.", "It says {message}. [Photo is on my desk computer, I can show you.|That was at {time}.]"},
			{"Is this still happening today?", "[Yes, just now at {time}|Yes, again during {period}|It was, this morning]. [Thanks for asking.|]"},
		},
		"staff": {
			{"Is this on your own computer only, or on the others in the office too?", "[Only mine|On mine and the one by the window|All of ours]. [I tried the other desk at {time}.|]"},
			{"When may I connect to your computer for five minutes?", "[After the morning rush, any time|At lunch|Now is fine]. I will leave it on."},
			{"What does the message say, word for word?", "{message}, [nothing else|and then it closes]. It was at {time}."},
			{"Until when do you need it at the latest?", "[By {nextday} if you can|This afternoon would be great|It has to be done before {nextday}]. [Thank you!|]"},
		},
		"teacher question": {
			{"For when do you need it, {me}?", "[By {nextday} would be great|It can wait until next week|As soon as it's easy]. [Thank you!|]"},
			{"Is it for you alone, or would others at {place} like to have it too?", "[{few} of us, I think|Only me for now|The whole team would say yes]. [Good idea.|]"},
			{"May I come by and we do it together? When is your prep?", "[{Period}, most days|Before school on {nextday}]. [That would be lovely.|]"},
		},
		"staff question": {
			{"For when do you need it, {me}?", "[By {nextday} if you can|It has time until next week|Before {leader} asks again, so soon]. [Thanks.|]"},
			{"Who has to agree to this at {place}? Then I ask right away.", "[The principal, and the answer was yes already|I asked, it's fine]. [I have it in writing.|]"},
		},
		"student question": {
			{"By when do you need it?", "[By {nextday}|tomorrow if you can|It's not urgent]. [thanks|]"},
			{"Does your teacher know about it?", "[Yes, {teacher} said it's ok|yes she told me to ask you]."},
		},
		"student elsewhere": {
			{"Does it happen on another Chromebook too?", "[No, only mine|yes i tried {pupil}'s and it's the same|I don't know, I can try]."},
			{"What does it say, word for word?", "It says {message}[| and then nothing]."},
		},
		"guardian question": {
			{"What is the best time to call you, and at which number?", "[After 5|Any time before 2|My lunch is at noon], at {phone}. [Thank you.|]"},
			{"May I have your child's grade and first name, so that I look at the right place?", "[{Pupil}, {grade}|It is {pupil}, {grade}]. [Thank you.|]"},
		},
		"student": {
			{"Which number is on the sticker on the back?", "[It says {tag}|{tag}|I think {tag}, it's a bit scratched]."},
			{"Can you stop by the library [before school|at lunch] and bring it?", "[Yes, tomorrow|ok i come at lunch|I have a bus but I can come at lunch]."},
			{"Does it also happen on another Chromebook?", "[No, only mine|yes I tried {pupil}'s and it's the same|I don't know, I can try]."},
		},
		"guardian": {
			{"What is the best time to call you, and at which number?", "[After 5|Any time before 2|My lunch is at noon], at {phone}. [Thank you.|]"},
			{"Do you see this on a phone or on a computer?", "[On my phone|On both|On the Chromebook {he} brought home]."},
			{"May I have your child's grade and first name, so that I look at the right account?", "[{pupil}, {grade}|It is {pupil}, {grade}]."},
		},
	},
	redoQuestion: []pair{
		{"Thank you! One more thing: [is that for this year only|does it stay like that|can I undo it]?", "[It stays until you change it|You can change it back at any time, nothing gets lost]. I wrote it in two lines for you."},
		{"I'm not there yet, [I get stuck at the second step|it looks different on my screen].", "My mistake, {me}, I described the other page. I made a small picture of yours; the place has a red ring."},
		{"Thanks, that is half of it. [And the rest?|What about the other part of my question?]", "You are right, I read too fast. The rest is arranged now too."},
		{"It did not arrive [so far|on my side], could you look again?", "I am sorry, it was still waiting here. It is on its way, and I checked that it went."},
	},
	vendor: []pair{
		{"It is on their side, {me}: {vendor} has the case since today. I ask again every morning until it works.", "{vendor} found it and put it right. I tried it as you would, and it works."},
		{"I can see the fault but only {vendor} can mend it. I wrote to them with your example, without names.", "{vendor} answered: it is repaired for all schools. Please look whether yours is right too."},
	},
	redo: []pair{
		{"It worked [for a while|until lunch|yesterday], and now it is back.", "Sorry about that, {me}. [This time I found the cause, not only the sign of it|There was a second cause behind it]. It has been quiet since; I will look again tomorrow by myself."},
		{"Thank you, but it's the same as before [on my side|here].", "You were right, my change had not reached you. It has now, and I checked it [from your room|with your account]."},
		{"Not quite. [The first part works, the rest doesn't|It's better, but not gone].", "Thanks for checking so carefully. The rest is done now too."},
		{"Sorry to be a pest, but it happened again at {time}.", "You are no pest, that time helped me find it. [It is set right now|Fixed for good, I think], and I am keeping an eye on it."},
	},
	thanks: map[string][]string{
		"teacher":  {"[Works|All good now], thank you!", "Thank you so much. The [kids|class] cheered.", "You're the best. Thanks for coming so fast.", "Perfect, thanks {helper}.", "It works. You saved {period}.", "Thank you! That was quick.", "Yes, fixed. Thanks for explaining it too."},
		"staff":    {"Works, thank you.", "Perfect. Thanks for the quick help!", "Thank you, {helper}. The line at the counter thanks you too.", "All set, much appreciated.", "Yes, that did it."},
		"student":  {"thanks it works", "Thank you!", "works now thx", "Yes it works, thanks", "ok thanks for helping me"},
		"guardian": {"Thank you, it works now.", "That did it. Thank you for your patience with me!", "We are in. Thank you!", "Thank you, that was kind and fast."},
	},
	after: map[string][]string{
		"teacher stopped":             {"I have {kids} kids in [ten|five|fifteen] minutes.", "{kids} kids are [waiting|sitting here|looking at me].", "We [are|were] in the middle of {period}.", "We're doing it on paper for now.", "Can somebody come?", "Is it only us?", "I'm in {here}.", "It was fine {weekday}.", "Started around {time}.", "My plan for the day is built on this."},
		"teacher stopped elementary":  {"They are singing while we wait.", "We moved to the carpet and I read to them.", "My helper is with them for ten minutes, then I'm out of ideas."},
		"teacher blocked":             {"I need it for {period}.", "It was fine {weekday}.", "I restarted twice.", "I tried another room, same thing.", "I can come by after school.", "I'm in {here}.", "It began around {time}.", "My prep is {period}, any time then is fine.", "I have a sub tomorrow, so today would be great."},
		"teacher slowed":              {"[It happens|Happens] since {weekday}.", "Not urgent, but it adds up.", "It was fine last week.", "I'm in {here}, prep is {period}.", "I can live with it until {nextday}.", "Restarting helps for an hour or so.", "The teacher next door has the same.", "First saw it at {time} on {weekday}.", "I've learned to work around it, but a sub won't."},
		"teacher slowed elementary":   {"Come when we're at lunch if you can, otherwise you'll have {kids} helpers.", "They are little and touch everything, you know.", "We line up for specials after {period}, the room is empty then."},
		"teacher question":            {"No rush.", "By {nextday} would be great.", "If it's easier to show me, my prep is {period}.", "I asked next door, they didn't know either.", "I'm sure there's a simple way.", "Two of us would like to know.", "I looked at the help page and got lost."},
		"teacher question elementary": {"Please explain it like you would to my kids.", "I can stay after the buses leave."},
		"staff blocked":               {"There's a line at the counter.", "I restarted twice.", "It was fine {weekday}.", "{Leader} is waiting for it.", "It started at about {time}.", "I can work on paper until noon.", "A parent is standing here."},
		"staff slowed":                {"It's been like this since {weekday}.", "Not an emergency.", "Everybody in the office has it.", "I can wait until {nextday}.", "Mornings are worst.", "First noticed around {time}.", "We're managing, but it takes twice as long."},
		"staff question":              {"No rush.", "I'd need it by {nextday}.", "Thanks in advance!", "A family asked at the counter.", "Just so I can plan.", "Tell me if I should ask somebody else."},
		"student blocked":             {"I have a test in {period}.", "my teacher said to ask here", "I already restarted it like 3 times.", "It's due tomorrow.", "I'm in {here} right now.", "it worked yesterday i swear", "I'm using a friend's for now."},
		"student slowed":              {"It's been like that since {weekday}.", "It's just annoying.", "My mom said I have to tell you.", "I'm in {teacher}'s homeroom.", "it's not my fault btw"},
		"student question":            {"Thank you!", "thanks in advance", "I'm in {grade}.", "My teacher didn't know either."},
		"guardian blocked":            {"Homework is due tomorrow.", "{Child} is in {grade}.", "I can be reached at {phone}.", "The school is {place}.", "We tried on my phone too.", "I work until four, so evenings are best."},
		"guardian slowed":             {"It's been like this since {weekday}.", "{Child} is in {grade} at {place}.", "Not urgent, but I'd like to know.", "My number is {phone}."},
		"guardian question":           {"Thank you for your help.", "{Child} is in {grade}.", "I'm sorry if this is the wrong place to ask.", "You can call me at {phone}.", "We are new at {place}.", "Both of us parents would need it."},
		"plan":                        {"I've never done this, so be gentle.", "About {kids} kids.", "They have Chromebooks, I have one display.", "Two periods would be enough.", "I'd rather do it small and well.", "What could go wrong?", "I'm free to plan during {period}.", "Some of them are still learning English.", "I'd love company in the room the first time."},
	},
	detail: []string{"(It was {time:1-12}:{min:10-59} when I noticed.)", "We're in {here}, the clock says {h:7-11}:{min:10-59}.", "The sticker next to it says {tag}.", "That was {weekday} at {h:8-11}:{min:10-59}.", "If you need a number: {tag}, or call extension {ext:201-989}.", "You can reach me at extension {ext:201-989}."},
	slip:   "It is on paper slip {slip}.",
}

// notes are what helpers write for each other about a service.
type notes struct{ note, tried []string }

var anyTried = []string{
	"Asked for the exact words on the screen, restarted, tried another account. The same.",
	"Looked at it in the room, tried with my own account: works for me, not for {me}.",
	"Went through the usual steps with {me}. It needs rights that I do not have.",
	"Tried the steps of our answer page twice, in another browser too. No change.",
}
