package demo

// outageTalk is one outage in the words of everybody: the sign-in page goes in
// circles this morning.
var outageTalk = []situation{
	{service: "signin",
		says: []says{
			{"tMH!", "[Nobody in {class} can|{Class} can't] get past the sign-in page\n[We pick the account and it goes in circles.|It takes the password and starts over.] {kids} [kids|students][, all of them|]."},
			{"tMH!", "Sign-in [loops|goes round and round|in circles], {here}\n[Is it everybody?|The room next door has it too.] [Started at {time}.|{Class} is sitting here.]"},
			{"tMH!", "{Kids} students stuck at the sign-in [page|window]\n[Account, password, account, password.|I tried my own account: the same.] {Class}, {here}."},
			{"tMH!", "Can't start {period}, the sign-in sends us back to the start\n[Quiz was first thing.|It let {few} in before {time} and nobody since.]"},
			{"tMH!", "school account page just spins for {class}\n[Cart {cart}, all {kids}.|Different carts, same thing.] on paper until you say so"},
			{"tE!", "The sign-in page goes in a circle and so do my {graders}\n[They hold up the card, it smiles, and it asks again.|{kids} little ones, one page that won't open.]"},
			{"tE!", "None of our tablets gets past the hello page\n[The picture cards work and then it asks again.|It was fine {weekday}.] [We sing until you come.|]"},
			{"tE!", "Sign-in doesn't stop asking, {here}\n[{Kids} {graders} are on the carpet with books now.|Same at the teacher across the hall.]"},
			{"tEMH#", "I can't sign in to take attendance\n[It goes in circles since {time}.|The page comes back again and again.] [I wrote it on paper.|]"},
			{"s#", "Sign-in page keeps coming back, [front office|whole office] is out\n[Families are at the counter.|We write attendance by hand.] [Since {time}.|]"},
			{"s#", "Nobody in the office can get into [the records|mail|anything]\n[It asks for the account, then again.|{Few} of us, all the same.] [Is it known?|]"},
			{"s#", "[I'm|We're] locked in a loop at sign-in\n[I restarted, of course.|{n:4-19} teachers called me already.] What do I tell them?"},
			{"s#", "Teachers are calling because of the sign-in page\n[{n:5-22} rooms so far.|It began at about {time}.] [I tell them to wait. Right?|]"},
			{"k#", "sign in page goes in circles\n[i click my name and it comes back|everyone in {here} has it]"},
			{"k#", "can't log in, it keeps sending me back\n[I did it {n:5-20} times.|My password is right.] [Since {time}|It's for {subject}.]"},
			{"k#", "the login is broken for our whole class\n[{Teacher} said i should write because my phone works.|We are just sitting here.]"},
			{"g#", "{Child} is home sick and can't sign in for {his} work\n[The page comes back again and again.|It worked last night.]"},
			{"g#", "The family page sends me back to the sign-in\n[I wanted to report {him} sick.|Since {time} this morning.] I called the school instead."},
			{"g~", "Is the school's sign-in down?\n[It goes in circles on my phone and on the computer.|I need the lunch page.]"},
		},
		first: []string{"We see it: the sign-in page goes in circles at every school. It is not your class and not your password. Please do not reset anything.", "You are not alone, {me}: it is the whole district, and we are on it. The status page tells the moment it works.", "Known, and thank you for telling us. Today's guest code works without signing in; it is in the office."},
		solve: []string{"Sign-in works again. Please close the old tab and open a new one.", "It is fixed for all schools: a renewal in the night had not reached one of two servers. Sorry for your morning.", "The sign-in page is back. Nothing was lost, and no password has changed."},
		redo:  []pair{{"Works for most of us, {few} still go in circles.", "Those had kept the old page. It is cleared from here; one restart and they are in."}, {"Still circles here.", "The old tab holds on to it. Please close all windows once; I called your office to be sure."}},
	},
}
