// Package api is the JSON door: OpenAPI 3.1 under /api/v1, problem+json
// errors (RFC 9457), cursor paging, idempotent mutations. It stands inside
// the web door and shares its outer layers (request id, log, headers).
//
// Operation is the only way to add one, and asks for a policy. Who calls is
// found by a bearer token, or by the browser's session cookie if the request
// comes from our own pages.
//
// Refusals: an operation's existence is public, it stands in openapi.json.
// So whoever may not use an operation at all reads 401 (not signed in) or 403
// (signed in); an object that they may not see is 404, the same bytes as one
// that does not exist, and that is the module's answer, not this package's.
//
// Every mutation takes an Idempotency-Key header (see package idem): the same
// key with the same body is answered as before, with another body 422, and
// 409 while the first is still running.
package api
