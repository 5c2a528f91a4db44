package keycheck

import "testing"

func TestSyllables(t *testing.T) {
	// What the rules of thumb must get right because our texts are full of it.
	for lang, words := range map[string]map[string]int{
		"en-US": {"a": 1, "we": 1, "saved": 1, "please": 1, "people": 2, "table": 2, "request": 2, "changed": 1, "needed": 2, "started": 2, "promises": 3,
			"something": 2, "nothing": 2, "day": 1, "created": 3, "going": 2, "calendar": 3, "district": 2, "password": 2, "times": 1, "classes": 2,
			"places": 2, "service": 2, "services": 3, "again": 2, "address": 2, "everything": 3, "everyone": 3, "somebody": 3, "technology": 4, "queue": 1, "e-mail": 2, "won't": 1, "question": 2, "whole": 1, "file": 1, "special": 2, "being": 2, "actual": 3},
		"es-US": {"y": 1, "que": 1, "quién": 1, "solicitud": 4, "guardó": 2, "envíe": 3, "escuela": 3, "ahí": 2, "todavía": 4, "cuenta": 2, "hoy": 1,
			"leer": 2, "siguiente": 3, "pingüino": 3, "día": 2, "después": 2, "contraseña": 4, "había": 3, "muy": 1, "teléfono": 4, "reunión": 2, "aula": 2},
	} {
		for word, want := range words {
			if got := syllables(lang, word); got != want {
				t.Errorf("%s %s: %d syllables, want %d", lang, word, got, want)
			}
		}
	}
}
