// Package sheet reads and writes tables of rows and columns: delimited text
// (plain or gzipped, whatever its delimiter and encoding), XLSX workbooks and
// XES event logs come in as one kind of row; delimited text and XLSX go out.
//
// A table comes from outside and is trusted in nothing. Open judges a file by
// its content, never by its name; what it claims about its sizes is checked
// before it is unpacked, and what is really unpacked is counted all the same.
// Rows stream: memory is bounded by one row, apart from a workbook's table of
// shared texts, which has a limit of its own. Definitions inside XML (DTD) are
// refused, formulas are never computed.
//
// What is wrong with a file is a *Problem that says in which row and column.
// Where the rows after it can still be told apart, reading goes on behind it,
// so that a person can be shown all that is wrong at once.
//
// What is written is safe to open in a spreadsheet: a text that one would take
// for a formula gets an apostrophe before it (see Neutral). The apostrophe is
// part of the text from then on: a table that is written and read again has
// it. Numbers, given as numbers, stay numbers.
package sheet
