// Package errs holds the one error type that may reach a person.
//
// An Error separates what a person may read (a message key with arguments,
// translated at the door) from what an operator needs (the cause, which goes
// to the log and nowhere else). Everything that is not an *Error is Internal:
// the person is told that we failed, and the log has the rest.
package errs

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what a door does with an error: which status it answers, whether
// the caller may try again, whether an operator must look.
type Kind uint8

const (
	Internal        Kind = iota // ours to fix: 500
	Invalid                     // the input can't be accepted as it stands: 422
	Unauthenticated             // sign in first: 401
	NotFound                    // does not exist, or is not yours to see: 404, always the same
	Forbidden                   // you may see it, and may not do this to it: 403
	Conflict                    // somebody changed it first, or it is still running: 409
	Precondition                // If-Match or a form's version is stale: 412
	TooLarge                    // 413
	Throttled                   // 429, with RetryAfter
	Unavailable                 // not now: 503, with RetryAfter
	NoSpace                     // the disk is full, the district is read-only: 507
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "not_found", "forbidden", "conflict", "precondition", "too_large", "throttled", "unavailable", "no_space"}

// String is the kind's stable name in logs and in problem+json.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Field is one thing wrong with one input field.
type Field struct {
	Name string         // the field's name in the form and in JSON
	Key  string         // message key: what is wrong and what to do
	Args map[string]any // for the message
}

// Error is an error with words for a person. Make one with E or Fields.
type Error struct {
	Kind       Kind
	Key        string         // message key: what happened, what is safe, what to do
	Args       map[string]any // for the message
	Fields     []Field        // for Invalid: each field's own message
	RetryAfter time.Duration  // for Throttled and Unavailable
	Cause      error          // for the log only
}

// Error is the text for logs; never show it to a person.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Key != "" {
		b.WriteString(": " + e.Key)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Name, f.Key)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// E makes an error of a kind with a message key; args are name, value pairs
// for the message.
func E(k Kind, key string, args ...any) *Error {
	return &Error{Kind: k, Key: key, Args: Args(args...)}
}

// Because attaches the cause that the log shall have.
func (e *Error) Because(cause error) *Error { e.Cause = cause; return e }

// Args turns name, value pairs into a message's arguments.
func Args(pairs ...any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// Check collects what is wrong with an input, field by field, so that a
// person reads all of it at once.
type Check struct{ fields []Field }

// Fail notes that a field can't be accepted; args are name, value pairs.
func (c *Check) Fail(field, key string, args ...any) {
	c.fields = append(c.fields, Field{Name: field, Key: key, Args: Args(args...)})
}

// Err is nil if nothing failed, and an Invalid error with every field otherwise.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "error.check_fields", Fields: c.fields}
}

// KindOf finds the kind of the first *Error in the chain, Internal if none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is an *Error of that kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }
