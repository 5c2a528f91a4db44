// Package archtest holds the drawing of the house against the code: who may
// import whom, where time, doors and SQL may stand, which tables a package
// may name. It reads the code; it is not part of the program.
package archtest
