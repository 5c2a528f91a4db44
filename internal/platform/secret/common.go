package secret

import (
	"slices"
	"strings"
)

// common are the words that passwords of twelve characters and more are made
// of when nobody thinks: alone, doubled, or with a year behind them. Longest
// first, so that "passwords" goes before "pass".
var common = func() []string {
	w := strings.Fields(`
password passwort passphrase passcode pass word letmein letme welcome welcometo hello login logmein
signin account access secure security secret private changeme change temp temporary default guest
admin administrator root user username test testing tester demo sample example master superuser manager
qwerty azerty qwertz asdf zxcv iloveyou ilove loveyou lovely love forever always friend friends family
mother father sister brother mommy daddy baby angel princess sunshine flower butterfly rainbow happy
monkey dragon tiger eagle eagles lion lions bear bears wolf wolves panther panthers wildcat wildcats
bulldog bulldogs mustang mustangs falcon falcons hawk hawks cougar cougars knight knights warrior warriors
raider raiders viking vikings spartan spartans trojan trojans pirate pirates titan titans cowboy cowboys
football baseball basketball soccer hockey softball volleyball tennis cheer gamer gaming minecraft roblox
fortnite pokemon starwars superman batman spiderman hunter killer shadow ranger cookie cookies chocolate
cheese pepper banana summer winter spring autumn fall january february march april may june july august
september october november december monday tuesday wednesday thursday friday saturday sunday weekend
computer internet laptop chromebook chromebooks chrome google microsoft windows apple ipad iphone samsung
printer wifi network keyboard monitor mouse screen tablet device devices office email mail
school schools student students teacher teachers teach principal library librarian classroom class
elementary middle high district academy college university campus education grade math science reading
homework learning learner learn staff faculty coach counselor nurse secretary superintendent technology
tech support help helpdesk desk service welcome back backtoschool goaway whatever nothing something
america american usa united states freedom liberty jesus christ god bless blessed faith
contrasena contraseña clave hola bienvenido bienvenidos bienvenida teamo tequiero amor amigo amigos familia
escuela maestro maestra profesor profesora estudiante alumno alumna verano invierno primavera otono otoño
mexico barcelona madrid princesa estrella mariposa
the my our your and for is new old one two go me us 
`)
	slices.SortStableFunc(w, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(w)
}()
