// Package web is the browser's door: the one place that knows the HTTP mux.
//
// Mux.Route is the only way to add a page and asks for a policy; Mux.Mount
// lets the JSON API in behind the same outer layers. A request passes, from
// outside to inside:
//
//  1. name: the request gets an id (taken over only from a trusted proxy) and
//     the client's address is found
//  2. account: one log line and one observation per request, by route pattern
//  3. headers: every answer carries the security headers
//  4. rescue: a panic is logged with its stack and answered with status 500
//  5. compress: text goes out gzipped
//  6. route: the mux finds the handler; what it does not know is answered 404
//  7. origin: a cross-site request that could change something is refused
//  8. person: the session becomes a policy.Actor, the language is chosen
//  9. policy: who may not come in is answered as if nothing were there
//  10. limits: the body's size and pace
//  11. the handler, which returns an error instead of answering one
//
// Unknown paths go through 7 and 8 as well, so that the answer to what does
// not exist and the answer to what someone may not see are the same bytes.
//
// An error becomes a status, a log line and a page in one place, fail.go.
package web
