package demo

var serviceNotes = map[string]notes{
	"signin": {
		[]string{"Second one of these from {place} this week.", "Nothing odd in the sign-in log, just a wrong password {tries:4-9} times.", "Check the sync before anybody resets a password.", "Same thing in {n:2-4} other classes, watching it."},
		[]string{"Reset the password, cleared the saved accounts, tried a guest window. The page still comes back.", "Works with my account on the same machine, so it is the account, not the device.", "Removed and added the account on {tag}. Same message."}},
	"wifi": {
		[]string{"{n:28-61} devices on one access point at {time}. That is a lot.", "Signal good, errors high. Smells like channel overlap.", "Wrote down the times for Bea: {time} and a little later again.", "Last change on that switch was in the summer."},
		[]string{"Walked the room with a tablet: full bars, still drops. Other rooms on the hall are fine.", "Forgot the network and joined again on {few} devices, restarted the access point once. Came back after an hour.", "Tried the cable: fine. Tried the Wi-Fi next to it: drops."}},
	"chromebooks": {
		[]string{"{Tag}: third repair this year. Might be time to retire it.", "Same model as the batch at Mill Pond. Ask about the warranty before we pay for parts.", "Loaner shelf is down to {n:2-7}.", "Swapped from the spares of cart {cart}.", "Fee question goes to the office, not to the student."},
		[]string{"Hard reset, other charger, other outlet. No light on {tag}.", "Wiped {tag} and enrolled it again; same fault after ten minutes.", "Swapped it for a spare so the student can work. This one needs the workshop."}},
	"displays": {
		[]string{"Label the inputs in that hallway, half of these are the input.", "Cable has been pulled by a cart again. Ask facilities for a cover.", "Bulb hours: {n:2-4},{n2:100-980}.", "Filter was full of dust. Put the room on the summer list."},
		[]string{"Other cable, other laptop, other input. The picture still goes.", "Reset the display to factory settings and updated it. No change.", "Sound is fine with my speaker, so it is the amplifier in the wall."}},
	"printing": {
		[]string{"Counter shows {n:110-480},000 pages. It has earned a service visit.", "Somebody sent {n:180-640} pages as pictures.", "Toner is in the closet behind the workroom, second shelf.", "Third jam in tray 2 this week."},
		[]string{"Cleared the queue, restarted printer and computer, printed from mine: fine. From {me}'s: nothing.", "Cleaned the rollers and changed the toner. Still streaks.", "Removed and added the printer again. Jobs vanish without a message."}},
	"gradebook": {
		[]string{"Do this before grades lock on {nextday}.", "Two more teachers in the department have the same setting.", "Old category was kept as a ghost. Seen it before.", "Told nobody to re-enter grades: the history has them."},
		[]string{"Opened it with the teacher, checked weights and dates, signed out and in. The number stays wrong.", "Compared with the export: the export is right, the page is not.", "Unlocked and locked the term again. No change."}},
	"platform": {
		[]string{"Could be a good five minutes for the next staff meeting.", "Their status page is green, of course.", "Fourth question about this from {place}. Worth an answer page.", "The class was copied with last year's dates."},
		[]string{"Tried as the teacher, as a test student, in two browsers. The student view stays empty.", "Removed and added the student to the class. Still not there.", "Cleared the page's data on {tag}. Same error."}},
	"testing": {
		[]string{"Version on the cart is one behind. The update ran on {n:12-27} of 30.", "Keep {n:3-6} spares in the office for this room.", "Test coordinator knows.", "Do not wipe anything while a session is open."},
		[]string{"Restarted, updated by hand, other network name. It still asks for the update.", "Read the room code aloud with the proctor: right code, refused.", "Moved the student to a spare; works there. {Tag} needs a look."}},
	"phones": {
		[]string{"Port {n:3-46} on the closet switch had no power.", "The bell plan had two entries for the same time.", "Voicemail PIN goes by phone only, not in writing."},
		[]string{"Other cable, other jack, restarted the phone. Still no tone.", "Checked the bell schedule page: right times shown, wrong times rung."}},
	"accounts": {
		[]string{"HR has the start date as {date}.", "Account is made, rights come with the roster tonight.", "Check that last year's account was not just switched off."},
		[]string{"Made the account by hand; it is gone again after the nightly sync.", "Searched for a duplicate under both last names. Nothing."}},
	"licenses": {
		[]string{"{n:4-30} seats left in the pool.", "Renewal is in {when:2-9} weeks, tell Ruth.", "Half of the seats of last year's classes are still taken."},
		[]string{"Freed a seat and gave it again; the site still says expired.", "Their page shows the seat, the app does not."}},
	"data": {
		[]string{"Sections were renamed on {weekday}, the sync made new ones.", "Check against the student records before changing anything here.", "Guardian link is missing on one sibling."},
		[]string{"Corrected it in the records, waited one night; it came back.", "Compared the two lists by hand: {n:3-9} differ."}},
	"training": {
		[]string{"{n:3-9} people from {place} asked for this since fall.", "Could go with the session on {nextday}.", "Make it hands-on, they want to leave with something done."},
		[]string{"Sent the guide and showed it at lunch. They need a real session."}},
	"outage": {
		[]string{"Belongs to the sign-in loop of this morning.", "Same as the others. Link it, do not reset passwords.", "Counting: {n:6-40} reports so far."},
		[]string{"Guest window, other browser, other device: all go in circles. Not on our side of the building."}},
	"snow": {
		[]string{"Snow day list.", "Call back tonight, the family shares one device.", "Hotspot shelf: {n:3-12} left."},
		[]string{"Walked the family through it by phone, two tries. The home network blocks the page."}},
}
