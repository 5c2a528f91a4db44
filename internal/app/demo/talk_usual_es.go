package demo

// usualSpanish is what families and a bilingual office say about anything.
var usualSpanish = usual{
	hello: []string{"Buenos días.", "Hola, buenos días.", "Buenas tardes.", "Hola {helper}.", "Disculpe la molestia.", "Perdone, no sé si es aquí donde se pregunta.", "Les escribo de {place}.", "Buen día, tengo una pregunta.", "Hola, soy {me}.", "Gracias de antemano."},
	first: []string{
		"Gracias por escribirnos, {me}. Ya lo estoy revisando y hoy mismo le respondo.",
		"Buenos días, {me}. Lo tengo yo. [No necesita hacer nada más por ahora|Le aviso en cuanto sepa algo].",
		"Hola, {me}. Gracias por avisar. [Lo veo hoy mismo|Lo reviso ahora] y le escribo por aquí.",
		"Recibido, {me}. Si prefiere que le llame, díganos a qué hora le queda bien.",
		"Gracias por los detalles, {me}. Con eso me basta para empezar.",
	},
	qa: map[string][]pair{
		"teacher question":  {{"¿Para cuándo lo necesita, {me}?", "[Para el {nextday}, si se puede|Puede esperar a la próxima semana]. Gracias."}},
		"staff question":    {{"¿Para cuándo lo necesita, {me}?", "[Para el {nextday}, si se puede|Puede esperar a la próxima semana]. Gracias."}},
		"student question":  {{"¿Para cuándo lo necesitas?", "[Para el {nextday}|Mañana, si se puede]. Gracias."}},
		"student elsewhere": {{"¿Te pasa también en otra Chromebook?", "[No, solo en la mía|Sí, en la de {pupil} igual]."}, {"¿Qué dice exactamente?", "Dice {message}."}},
		"guardian question": {{"¿A qué hora y a qué número le puedo llamar, {me}?", "[Después de las cinco|Por la mañana, antes de las diez], al {phone}. [Gracias.|]"}, {"¿Me dice el nombre y el grado de su hijo o hija?", "Es {pupil}, de {grade}. [Muchas gracias.|]"}},
		"teacher":           {{"¿A qué hora puedo pasar, {me}, sin interrumpir la clase?", "[Después de la salida|En mi hora libre], gracias. La puerta está abierta."}, {"¿Les pasa a todos o siempre a los mismos?", "[Siempre a los mismos {few}|A todos, que yo vea]. Tengo una lista en mi escritorio."}},
		"staff":             {{"¿Pasa solo en su computadora o también en las otras de la oficina?", "[Solo en la mía|En todas]. Empezó a las {time}."}, {"¿Para cuándo lo necesita a más tardar?", "[Para el {nextday}, si se puede|Hoy por la tarde estaría muy bien]. Gracias."}},
		"student":           {{"¿Qué número tiene la etiqueta de atrás?", "[Dice {tag}|{tag}, creo, está un poco borrada]."}, {"¿Puedes pasar por la biblioteca antes de clases?", "[Sí, mañana paso|Sí, llego temprano]."}},
		"guardian":          {{"¿A qué hora y a qué número le puedo llamar, {me}?", "[Después de las cinco|Por la mañana, antes de las diez|A mediodía], al {phone}. [Gracias.|]"}, {"¿Lo ve en un teléfono o en una computadora?", "[En mi teléfono|En los dos|En la computadora que {he} trae de la escuela]."}, {"¿Me dice el nombre y el grado, para revisar la cuenta correcta?", "Es {pupil}, de {grade}. [Muchas gracias.|]"}},
	},
	firstYoung: []string{
		"Hola, {me}. Gracias por escribir; lo veo hoy mismo.",
		"Ya lo tengo, {me}. Te aviso por aquí en cuanto sepa algo.",
		"Gracias por decirnos, {me}. No tienes que hacer nada más por ahora.",
	},
	redoYoung: []pair{
		{"Funcionó un rato y ya no.", "Perdón, {me}. Esta vez encontré la causa. Mañana lo reviso otra vez."},
		{"Me sigue saliendo igual.", "Gracias por decirme. Ya quedó; lo probé con tu cuenta."},
		{"Casi, pero falta una parte.", "Ya quedó también lo que faltaba. Gracias por fijarte."},
	},
	redoQuestion: []pair{
		{"Gracias. Una cosa más: ¿[eso se queda así|es solo por este año]?", "Se queda así hasta que usted lo cambie. Se lo escribí en dos líneas."},
		{"Todavía no me sale, [me pierdo en el segundo paso|mi pantalla se ve diferente].", "Fue mi error, {me}, le expliqué otra página. Le mandé una foto con el lugar marcado en rojo."},
		{"Gracias, pero todavía no me ha llegado.", "Disculpe, seguía aquí. Ya salió y comprobé que se envió."},
	},
	vendor: []pair{
		{"La falla está del lado de {vendor}. Ya les escribí y pregunto cada mañana hasta que funcione.", "{vendor} ya lo arregló. Lo probé igual que usted y funciona."},
	},
	redo: []pair{
		{"Funcionó [un rato|ayer], pero hoy otra vez está igual.", "Disculpe, {me}. Esta vez encontré la causa y ya quedó. Mañana lo reviso otra vez por mi cuenta."},
		{"Gracias, pero de mi lado sigue igual.", "Tiene razón, el cambio todavía no le había llegado. Ya le llegó; lo comprobé con su cuenta."},
		{"Casi: una parte ya funciona, la otra todavía no.", "Gracias por fijarse tan bien. Ya quedó también lo que faltaba."},
	},
	thanks: map[string][]string{
		"teacher":  {"Ya funciona, ¡muchas gracias!", "Perfecto, gracias por venir tan rápido.", "Todo bien. Mis alumnos también le dan las gracias."},
		"staff":    {"Listo, muchas gracias.", "Ya quedó. Gracias por la ayuda tan rápida."},
		"student":  {"ya sirve, gracias", "¡Gracias! Ya puedo entrar.", "Sí, ya funciona, gracias."},
		"guardian": {"Ya pudimos. ¡Muchas gracias!", "Muchas gracias, ya funciona todo.", "Listo, gracias por su paciencia.", "Gracias, muy amable. Ya puede hacer su tarea.", "Sí, ya quedó. Que Dios le bendiga."},
	},
	after: map[string][]string{
		"teacher stopped":   {"Tengo {kids} niños esperando.", "Estamos en {here}.", "Empezó a las {time}.", "Mientras tanto trabajamos en papel."},
		"teacher blocked":   {"Estoy en {here}.", "El {weekday} todavía funcionaba.", "Ya lo reinicié dos veces."},
		"teacher slowed":    {"Pasa desde el {weekday}.", "No es urgente, pero cansa.", "Estoy en {here}."},
		"teacher question":  {"Sin prisa.", "Para el {nextday} estaría muy bien.", "Si es más fácil enseñarme, estoy libre en {period}."},
		"staff blocked":     {"Hay fila en el mostrador.", "Empezó a las {time}.", "Ya lo reinicié dos veces."},
		"staff slowed":      {"Así está desde el {weekday}.", "Podemos esperar hasta el {nextday}."},
		"staff question":    {"Sin prisa.", "Lo necesitaría para el {nextday}."},
		"student blocked":   {"La tarea es para mañana.", "Ya lo apagué y lo prendí.", "Mi maestra me dijo que escribiera aquí.", "Estoy en {here}."},
		"student slowed":    {"Está así desde el {weekday}.", "No es urgente, pero es molesto."},
		"student question":  {"¡Gracias!", "Voy en {grade}."},
		"guardian blocked":  {"Tiene tarea para mañana.", "{Child} está en {grade}.", "Mi teléfono es {phone}.", "Ya probamos también en mi celular.", "Trabajo hasta las cuatro, por favor llámeme después.", "Desde el {weekday} está así.", "La escuela es {place}.", "No hablo mucho inglés, por eso escribo en español."},
		"guardian slowed":   {"{Child} está en {grade}, en {place}.", "Pasa desde el {weekday}.", "No es urgente, pero quisiera saber.", "Mi número es {phone}."},
		"guardian question": {"Muchas gracias por su ayuda.", "{Child} está en {grade}.", "Somos nuevos en {place}.", "Me puede llamar al {phone}.", "Disculpe si no es aquí donde se pregunta.", "Prefiero que me hablen en español, por favor.", "Su papá también quisiera poder verlo."},
		"plan":              {"Nunca lo he hecho.", "Son unos {kids} alumnos.", "Con dos clases me alcanza.", "Algunos apenas están aprendiendo inglés."},
	},
	detail: []string{"(Me di cuenta a las {time:1-12}:{min:10-59}.)", "La etiqueta dice {tag}.", "Fue el {weekday}, a las {h:8-11}:{min:10-59}.", "Mi teléfono es {phone}, llamen después de las {h:1-6}:{min:10-59}."},
	slip:   "En el papel que me dieron en la oficina dice {slip}.",
}

var slotsSpanish = map[string][]string{
	"form":    {"inscripción", "almuerzo", "transporte", "permiso"},
	"fee":     {"${d:15-85}"},
	"app":     {"Reading Meadow", "Math Orchard", "Fact Falls", "Letter Nest", "Word Kite", "Story Harbor"},
	"page":    {"la página de tareas", "la página de la clase", "la página de las pruebas", "el calendario"},
	"message": {"«Algo salió mal»", "«Inténtelo más tarde»", "«No tiene acceso»", "«Error {err:102-989}»", "«Usuario no encontrado»"},
	"event":   {"la noche de familias", "las conferencias", "el concierto de invierno", "la feria de ciencias", "la feria del libro"},
}
