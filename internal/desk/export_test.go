package desk

// ListSQL is the statement of a list, for the test that looks at how it is
// read.
func ListSQL(v View, s Sort) string { return listSQL[v][s] }
