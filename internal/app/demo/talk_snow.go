package demo

// snowTalk are the days around a snow day, when school is at the kitchen table.
var snowTalk = []situation{
	{service: "signin", says: []says{
		{"ts#1", "Can't get in from home, it asks for a code on my office phone\n[And that is under two feet of snow.|The roads are closed.] [Class starts at {h:9-10}.|]"},
		{"k#3", "can't log in from home\n[It says not on school network.|We're supposed to start at {h:9-10}:30.]"},
		{"g#2", "{Child} can't sign in from home today\n[The password is on a card in the classroom.|It says {message}.] [Two more children wait for the same computer.|]"}},
		first: []string{"Snow day list, {me}: you are on it. I do these one after the other this morning."},
		solve: []string{"The code comes to your own phone now, until the school opens again.", "I read you the password on the phone, so it is not written here. You are in.", "Home is allowed for everybody today; it was off for your grade."},
	},
	{service: "platform", says: []says{
		{"tMH~1", "How do I run {class} from home today?\n[I've never done it live.|{kids} students, some on phones.] [I can be ready by {h:9-10}.|]"},
		{"tE?2", "What can {graders} do at home without a screen?\n[Many share one phone.|It should be fun, it's snow!]"},
		{"tMH#1", "My live lesson won't start, students wait\n[It says host not found.|{few} are in, {kids} are not.] From home, obviously."},
		{"k?3", "is the homework due today if there's no school\n[The page says {h:11-11}:59.|We have no power sometimes.]"},
		{"g?4", "Where is the work for the snow day?\n[We found two of {n:4-6} classes.|{He} says there is none. I doubt it.]"},
		{"s?5", "How do I post that we stay closed tomorrow?\n[In the app and on the page.|From my kitchen.] [In both languages.|]"}},
		first: []string{"Stay warm, {me}. I can walk you through it by phone right now."},
		solve: []string{"It is set up: one link for all, and it stays the same if tomorrow is white too.", "Here is our snow page: three things to do with snow, a pencil and a spoon. No screen needed.", "Everything due today moved by one school day, by itself.", "Under Today, then Snow day: one card per class. {Few} were not posted yet and are now.", "Posted everywhere, in English and Spanish, and I showed you the button for next time."},
	},
	{service: "wifi", says: []says{
		{"ts~1", "The connection at home is too slow for a class\n[They see me as a painting.|My street shares one wire today.]"},
		{"k#24", "our internet is out, what do i do about class\n[The pole is down.|I write this from my mom's phone.]"},
		{"g#2", "No internet since the storm\n[The children can't do the work.|The company says tomorrow, maybe.] Is that an absence?"},
		{"g~3", "Three children, one hotspot, and it crawls\n[Two have class at the same time.|It was fine in the fall.]"}},
		solve: []string{"Turn the camera off and keep the voice: that needs a tenth. And I sent the link that works by phone call.", "No absence: the office knows, and the work has a week more.", "I gave your hotspot more for the week. It should be quick again.", "You can call into the class with any phone; the number is under the link."},
	},
	{service: "chromebooks", says: []says{
		{"k~1", "my charger is at school and school is closed\n[I have {n:9-38} percent left.|{tag}] can i use the one of my phone?"},
		{"t~2", "Half of {class} left the Chromebooks at school\n[Nobody believed the forecast.|{n:9-15} of {kids}.] What do they do today?"},
		{"tE?3", "The tablets are in the cart at school. Is that bad in the cold?\n[The heat is off, I heard.|Should they be charged?]"},
		{"g#4", "The school computer is frozen. The screen, not the snow\n[{He} pressed everything.|{Tag}.] It's the only one we have."}},
		solve: []string{"Any charger with the same small plug will do, just slower. It charges best when closed.", "They can use a phone today, everything opens there. I sent the class a note on how.", "They are fine down to freezing, and the building is above that.", "Hold the round arrow and the power key for ten seconds. We did it on the phone, and it is back."},
	},
	{service: "phones", says: []says{
		{"s#1", "I can't change the greeting from home\n[It still says we open at {h:7-8}.|The number rings in an empty office.]"},
		{"s#2", "The closing call went to half of our families\n[{n:40-70} percent, the page says.|It's before six and dark.]"},
		{"g~3", "We got no call about the closing\n[We stood at the bus stop.|The neighbors got it at {h:5-6}.]"},
		{"t?4", "How do I take calls of my school number at home?\n[Families will call me about the lessons.|I don't want to give out my own.]"}},
		first: []string{"I am at a desk with heat, so I can do it from here."},
		solve: []string{"The greeting says closed today, call again tomorrow, in both languages.", "The rest went out by text as well. Everybody has it.", "Your number was an old one in the list. It is right now, and I am sorry about the bus stop.", "Press Forward in the phone page, once. It ends by itself tomorrow morning."},
	},
}
