package api

import (
	"net/http"
	"strconv"
	"strings"

	"trellis/internal/platform/errs"
)

// IfMatch is embedded in the input of an operation that changes a row.
type IfMatch struct {
	IfMatch string `header:"If-Match" maxLength:"100" doc:"The ETag that you read; the change is refused if it is no longer current."`
}

// Version is the version that the caller has read. Without the header the
// error is status 428: a change that does not say what it changes from could
// undo somebody else's. The module compares and returns errs.Precondition
// (412) when it is stale.
func (m IfMatch) Version() (int64, error) {
	if m.IfMatch == "" {
		return 0, &statusError{http.StatusPreconditionRequired, errs.E(errs.Precondition, "error.precondition_required")}
	}
	s, ok := strings.CutPrefix(strings.TrimPrefix(m.IfMatch, "W/"), `"`)
	s, ok2 := strings.CutSuffix(s, `"`)
	v, err := strconv.ParseInt(s, 10, 64)
	if !ok || !ok2 || err != nil || v < 0 {
		var c errs.Check
		c.Fail("header.If-Match", "api.if_match")
		return 0, c.Err()
	}
	return v, nil
}

// Versioned is embedded in the output of an operation that answers one row.
type Versioned struct {
	ETag string `header:"ETag" doc:"The row's version, for If-Match."`
}

// ETag is a version as a header has it.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// AtVersion makes an output's embedded part.
func AtVersion(version int64) Versioned { return Versioned{ETag(version)} }
