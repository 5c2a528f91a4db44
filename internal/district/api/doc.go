// Package api are the JSON operations of the ground floor: everything that its
// pages show or change. Reading takes the token scope district:read, changing
// district:write; a person's notices are about their requests and take the
// scopes of those. Tokens and sessions are managed from a browser session
// alone: a token that leaks must not make more of them.
//
// A change names the version it starts from in If-Match and sends only the
// fields that change; 0 for an id and "" for a text take the value away.
package api
