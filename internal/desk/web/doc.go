// Package web is the pages of a request: asking for help, following it, the
// desk's lists and the page on which it is worked on.
//
// Handlers read a form, call one method of desk.Desk and draw; they hold no
// rule and no SQL. Every page is whole without script: a form posts, the
// answer is a redirect or the page again with what was typed. With script the
// same addresses answer with the part that changed.
//
// One request has one address, /r/{id}, for everybody. Whoever works on it
// gets the desk's page (ticket_pane.templ), everybody else the requester's
// (request.templ). Only the former is handed the inside of a ticket, so that
// no template of the latter could show a note.
//
// Forms that answer by redirect say what happened in ?did=. It decides only
// which words stand above the page; what the page shows comes from the desk.
package web
