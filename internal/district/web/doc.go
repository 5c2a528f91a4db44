// Package web are the pages of the ground floor: signing in, first-run
// set-up, one's own account and notices, and the settings by which an
// administrator says who is here, where, and who answers for what.
//
// Every page works with forms and links alone. A form that can't be accepted
// is drawn again with everything that was typed; a form that lost a race shows
// what somebody else saved beside it.
package web
