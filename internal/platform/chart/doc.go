// Package chart draws numbers as plain SVG on the server: a step curve and
// rows of bars. Geometry stands in attributes, look in the stylesheet of
// package ui, so a strict content policy has nothing to block. Every chart
// comes with its numbers in a table, and a chart is hidden from screen readers
// where that table says the same.
package chart
