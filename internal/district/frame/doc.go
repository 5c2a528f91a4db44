// Package frame is what every page of a district shares: its name and crest,
// the places a person may go to, the language and account menus, what went
// wrong with a form, and the page for what went wrong altogether.
//
// Pages of the district and of every module hand their content to Help, Desk
// or Plain and know nothing of what stands around it.
package frame
