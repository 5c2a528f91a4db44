package desk

import "time"

// voice says for the clocks who spoke. The desk answers with a reply of
// somebody who is neither asked for nor follows: a follower's word is welcome
// and keeps no promise. The owner answers, and whoever covers for them,
// whatever else they are.
func (e *edition) voice() spoken {
	switch {
	case e.is.asks:
		return saidByAsking
	case e.is.works && (!e.is.follows || e.t.Owner == e.by.desk || e.behalf() != 0):
		return saidByDesk
	}
	return saidByFollower
}

// startClocks begins the clocks of a new ticket. If somebody helped already,
// they asked then at the latest.
func (e *edition) startClocks(helped time.Time) error {
	first := mark{At: e.t.Created, Kind: asked, Person: e.t.Requester}
	if !helped.IsZero() {
		first.At = helped
	}
	if err := insertMark(e.tx, e.t.ID, first); err != nil {
		return err
	}
	if !helped.IsZero() {
		if err := insertMark(e.tx, e.t.ID, mark{At: helped, Kind: answered, Person: e.by.person}); err != nil {
			return err
		}
	}
	_, err := windUp(e.tx, e.t)
	return err
}

// moveClocks writes down what a command did to the clocks of its ticket.
func (e *edition) moveClocks() error {
	marks := newMarks(e.before, e.t, e.said, e.by.person, e.tx.Now())
	for _, m := range marks {
		if err := insertMark(e.tx, e.t.ID, m); err != nil {
			return err
		}
	}
	same := e.before.Impact == e.t.Impact && e.before.Site == e.t.Site && e.before.Service == e.t.Service
	if len(marks) == 0 && same && !e.stale {
		return nil
	}
	_, err := windUp(e.tx, e.t)
	return err
}
