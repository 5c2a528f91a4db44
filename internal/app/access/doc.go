// Package access proves who can see what. It opens whole districts and asks
// at their real doors.
//
// Two tables are made here. One has a line for each route and job kind: who
// is let in, found out by asking as each of twelve identities, and kept as
// sentences in testdata/routes.golden.txt. The other is made anew in each
// run: every object through every door as every identity (see Prober). What
// somebody may not see must answer exactly as what does not exist, and no word
// of it may stand in anything else that they are shown.
//
// A module joins with a file of tests that adds its objects, its doors and
// the rule by which people see the objects, said in plain Go a second time:
// the rule in the product is SQL, and two that agree are worth more than one.
//
// What the API takes and answers is kept beside the first table, in a line for
// each operation and as the document that is served. A change of either is a
// promise that changes: look at it, then write it down with
//
//	go test ./internal/app/access -run 'TestRoutes|TestDocument' -update
//
// flaws_test.go puts known mistakes into the product and requires that these
// tests find each of them.
package access
