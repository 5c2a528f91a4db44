// Package browser holds tests only: the whole program, seen through a real
// browser. A district is opened in this process, filled with the example's
// people and requests, and served to a headless Chromium.
//
//	TestAxe           every state of every page, light and dark, on phones and
//	                  desks and paper: accessibility, layout, console, content policy,
//	                  weight, and the HTML itself
//	TestTongues       every state again in longer words, and from right to left
//	TestJourneys      what people come to do, with and without script, by keyboard
//	TestWeight        what a first visit costs on the wire, and how still it stays
//	TestHighContrast  where one is and what has the focus, in a system's own colors
//	TestOnPaper       what is printed, and what is not
//
// One browser serves them all, each test in a profile of its own. With -pictures
// DIR what is seen is also written there as PNG files, and TestPictures takes
// those of the pages that people see most. Under -short they are not run;
// without Chromium they fail.
package browser
