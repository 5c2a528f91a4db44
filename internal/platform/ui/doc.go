// Package ui is what pages are drawn with: one stylesheet, one script, one
// typeface, a set of icons, and parts written in templ. It knows no module and
// no words of its own: text reaches every part already translated, and the few
// words that the shells and the script need come in a Words value.
//
// Three rules hold for every part.
//
//   - It works without JavaScript. A part is a link, a form or a details element
//     first; the script only makes it quicker.
//   - No inline style, no inline script, no on… attribute: the pages run under a
//     content security policy that forbids them.
//   - data-hx-* attributes stand in this package alone. Pages use the six
//     patterns (Boost, Form with Swap, ListRow and PaneLink, BulkForm, Lazy,
//     Live), so that what an element does can be read from its name.
//
// The look is pen, pencil and paper: ink on paper; blue pen for what can be
// pressed; red pen for trouble; green for good; pencil yellow only to say "look
// here". The tokens are at the top of static/app.css, with light and dark values,
// and a test holds their contrast.
package ui
