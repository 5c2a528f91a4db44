package desk

// Undated is the part of a list by due time that nothing is due for.
const Undated = undated

// ListSQL is the statement of a list, for the test that looks at how it is
// read.
func ListSQL(v View, s Sort) string { return listSQL(v, s, viewer{}) }
