// Package server runs several districts in one process. It knows them by
// data/server.db (tables server_*), maps host names to them, opens a district
// when somebody asks for it or when its next wake-up is due, and closes it
// again when nothing is due and nobody is looking, so that an idle district
// costs nothing.
package server
