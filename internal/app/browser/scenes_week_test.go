package browser_test

import "testing"

// weekScenes are the pages of leaders and of what everybody relies on: in the
// example of two weeks, after a whole year with thousands of requests, and
// where nobody has asked for anything yet.
func weekScenes(t testing.TB, h *house) []scene {
	year, none := lived(t), newborn(t)
	out := []scene{
		{who: "director without requests", role: "director", house: none, states: []state{
			{name: "week", reach: at("/steer")},
			{name: "tools", reach: at("/tools")},
			{name: "places", reach: at("/places")},
		}},
	}
	for name, in := range map[string]*house{"two weeks": h, "a year": year} {
		out = append(out,
			scene{who: "director after " + name, role: "director", house: in, states: []state{
				{name: "week", reach: at("/steer")},
				{name: "place", reach: at("/places/marsh")},
				{name: "tools", reach: at("/tools")},
			}},
			scene{who: "principal after " + name, role: "principal", house: in, states: []state{
				{name: "place", reach: at("/")},
				{name: "help", reach: at("/help")},
				{name: "tools", reach: at("/tools")},
			}},
			scene{who: "board member after " + name, role: "board", house: in, states: []state{
				{name: "week", reach: at("/")},
			}},
			scene{who: "teacher after " + name, role: "teacher", house: in, states: []state{
				{name: "tools", reach: at("/tools")},
			}})
	}
	return append(out,
		scene{who: "specialist after a year", role: "specialist", house: year, states: []state{
			{name: "mine", reach: at("/desk/mine")},
			{name: "places", reach: at("/desk/places")},
			{name: "unassigned", reach: at("/desk/unassigned")},
			{name: "late", reach: at("/desk/late")},
			{name: "search", reach: at("/desk/search?q=projector")},
			{name: "coverage", reach: at("/coverage")},
		}},
		scene{who: "coach after a year", role: "coach", house: year, states: []state{
			{name: "away", reach: at("/away")},
			{name: "week", reach: at("/steer")},
			{name: "flow", reach: at("/steer/flow")},
		}},
		scene{who: "parent after a year", role: "parent", house: year, states: []state{
			{name: "help", reach: at("/help")},
			{name: "requests", reach: at("/help/requests")},
		}})
}
