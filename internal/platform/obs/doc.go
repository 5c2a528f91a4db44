// Package obs lets an operator see what Trellis does: structured logs that
// outside text can't forge, figures for Prometheus, and the two questions
// that a supervisor asks, is it alive and is it ready.
package obs
