// Package demo fills a folder with an example district: Juniper Valley, whose
// places and people are invented and whose sizes are those of a real district
// of twelve schools. Everything is written by the same methods that the pages
// use, on a clock that is moved along, so what it shows is what Trellis does.
package demo
