package desk

import (
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// Offer is what somebody may say about a request of theirs besides what
// everybody may. Pages ask here what to show; the commands ask the same.
type Offer struct {
	// Stopped: that a class is stopped. It calls a whole team at once and
	// stands before everything else, so people who work in the district say it.
	Stopped bool
	// Others: that it is for somebody else. It takes looking people up, which
	// is for those who work the desk.
	Others bool
	// Plan: that they plan something with a class.
	Plan bool
}

// OfferTo is what an actor is offered.
func OfferTo(a policy.Actor) Offer {
	staff := district.Staff.WithScope(policy.ScopeAny).Permits(a) // whether a token may ask at all is asked where commands begin
	return Offer{
		Stopped: staff,
		Others:  district.Helper.WithScope(district.ScopeDeskWrite).Permits(a),
		Plan:    staff,
	}
}

// checkStopped notes in c if the actor may not say that a class is stopped.
func checkStopped(tx *db.Tx, c *errs.Check, i Impact) {
	if i == Stopped && !OfferTo(policy.ActorFrom(tx.Context())).Stopped {
		c.Fail("impact", "desk.create.stopped")
	}
}

// checkForWhom looks whether the actor may ask for a person. To whom may ask
// for nobody, nobody exists.
func checkForWhom(tx *db.Tx, c *errs.Check, by, id district.PersonID) error {
	if !OfferTo(policy.ActorFrom(tx.Context())).Others {
		c.Fail("beneficiary", "field.unknown_choice")
		return nil
	}
	return checkReach(tx, c, "beneficiary", by, id)
}
