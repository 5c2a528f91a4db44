package district

import (
	"fmt"

	"trellis/internal/platform/db"
)

// Holder is a module in which people or teams answer for something that must
// not stay with them when they go. The district asks every Holder in the
// transaction in which they go, so that nothing is left without somebody; an
// error keeps them from going.
type Holder interface {
	// HandOver passes on what a person answers for: they have left, or no
	// longer work the desk. The person is no longer active, or has their new
	// roles, when this is called.
	HandOver(tx *db.Tx, from PersonID) error
	// HandOverTeam passes on what a team answers for that was closed: TeamFor
	// no longer finds it.
	HandOverTeam(tx *db.Tx, from TeamID) error
}

// Holds has a module asked when people and teams go. It is called while the
// program is put together, before the district is used.
func (d *District) Holds(h Holder) { d.holders = append(d.holders, h) }

func (d *District) handOver(tx *db.Tx, from PersonID) error {
	for _, h := range d.holders {
		if err := h.HandOver(tx, from); err != nil {
			return fmt.Errorf("hand over from person %d: %w", from, err)
		}
	}
	return nil
}

func (d *District) handOverTeam(tx *db.Tx, from TeamID) error {
	for _, h := range d.holders {
		if err := h.HandOverTeam(tx, from); err != nil {
			return fmt.Errorf("hand over from team %d: %w", from, err)
		}
	}
	return nil
}
