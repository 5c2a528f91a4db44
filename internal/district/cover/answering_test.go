package cover_test

import (
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/errs"
)

// All services together say what each says alone, whatever holds at the time,
// and only to who may see what is covered.
func TestAnswering(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		same := func(when string) map[district.ServiceID]cover.Answer {
			t.Helper()
			all := must(h.Answering(h.sys))(t)
			if len(all) < 2 {
				t.Fatalf("%s: %d answers", when, len(all))
			}
			for id, a := range all {
				if s := must(h.Service(h.sys, id, time.Time{}))(t); s.Person != a.Person || s.Gap != (a.Name == "") {
					t.Errorf("%s: service %d: %+v, alone %+v", when, id, a, s)
				}
			}
			return all
		}
		if a := same("everybody is here")[h.signIn]; a.Person != h.sam {
			t.Errorf("the owner: %+v", a)
		}
		now := h.clock.Now()
		h.out(h.sam, now, now.Add(48*time.Hour), h.kim)
		if a := same("one is away")[h.signIn]; a.Person != h.kim {
			t.Errorf("who covers: %+v", a)
		}
		h.out(h.kim, now, now.Add(24*time.Hour), 0)
		h.out(h.rosa, now, now.Add(24*time.Hour), 0)
		if a := same("nobody is left")[h.signIn]; a.Person != 0 {
			t.Errorf("nobody: %+v", a)
		}
		_, err := h.Answering(h.as(h.tina))
		if !errs.Is(err, errs.Forbidden) {
			t.Errorf("a teacher asks: %v", err)
		}
	})
}
