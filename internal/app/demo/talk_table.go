package demo

// spoken are the situations of each service in English.
var spoken = map[string][]situation{
	"signin": signinTalk, "wifi": wifiTalk, "chromebooks": chromebookTalk, "displays": displayTalk,
	"printing": printingTalk, "gradebook": gradebookTalk, "platform": platformTalk, "testing": testingTalk,
	"phones": phoneTalk, "accounts": accountTalk, "licenses": licenseTalk, "data": dataTalk, "training": trainingTalk,
	"plan": planTalk, "private": privateTalk, "outage": outageTalk, "snow": snowTalk, "anything": anythingTalk,
}

// spokenSpanish are those in Spanish: above all what families ask.
var spokenSpanish = map[string][]situation{
	"signin": signinHabla, "wifi": wifiHabla, "chromebooks": chromebookHabla, "displays": displayHabla,
	"printing": printingHabla, "gradebook": gradebookHabla, "platform": platformHabla, "testing": testingHabla,
	"phones": phoneHabla, "accounts": accountHabla, "licenses": licenseHabla, "data": dataHabla, "training": trainingHabla,
	"plan": planHabla, "private": privateHabla, "outage": outageHabla, "snow": snowHabla, "anything": anythingHabla,
}

// anythingTalk is for whoever asks about a service that others ask about.
var anythingTalk = []situation{
	{says: []says{
		{"tsg?", "Who do I ask about {thing}?\nI looked on the help page and [could not find it|was not sure which one fits]."},
		{"tsg?", "A question about {thing}\nWhere do I find out [how it works here|who takes care of it at {place}]?"},
		{"k?", "who do i ask about {thing}\n[My teacher said you know.|It's for a project.]"},
		{"kg~", "[A problem|Some trouble] with {thing} [at {place}|since {weekday}]\nIt [works on some days and not on others|stops and then goes on by itself]."}},
		first: []string{"You are right here, {me}. I will find out and write back today."},
		solve: []string{"That is us, {me}. I looked into it and [it is set right now|everything is as it should be]. If it is not what you meant, just answer here."},
	},
}

var anythingHabla = []situation{
	{says: []says{
		{"tsgk?", "¿A quién le pregunto por {thing}?\n[Busqué en la página y no lo encontré.|En la escuela me dijeron que escribiera aquí.]"},
		{"tsgk~", "[Un problema|Tenemos problemas] con {thing} desde el {weekday}\n[A veces funciona y a veces no.|Se detiene y luego sigue.] [Aparece {message}.|]"},
		{"tsgk#", "No [puedo|podemos] usar {thing}\n[Aparece {message}|Desde el {weekday} no abre]. ¿Qué [puedo|podemos] hacer?"}},
		first: []string{"Sí es aquí, {me}. Lo averiguo y hoy le escribo."},
		solve: []string{"Ya lo revisé, {me}, y quedó arreglado. Si no era eso, respóndame aquí mismo y lo vemos juntos."},
	},
}

// thingEnglish and thingSpanish are the services as people call them.
var thingEnglish = map[string]string{"signin": "signing in", "wifi": "the Wi-Fi", "chromebooks": "the Chromebooks", "displays": "the display", "printing": "printing",
	"gradebook": "the gradebook", "platform": "the learning platform", "testing": "the testing browser", "phones": "the phones", "accounts": "new accounts", "licenses": "licenses", "data": "class lists", "training": "training"}

var thingSpanish = map[string]string{"signin": "la entrada a la cuenta", "wifi": "el Wi-Fi", "chromebooks": "la Chromebook", "displays": "la pantalla del salón", "printing": "la impresora",
	"gradebook": "las calificaciones", "platform": "la plataforma", "testing": "el programa de exámenes", "phones": "el teléfono de la escuela", "accounts": "las cuentas nuevas", "licenses": "las licencias", "data": "los datos de la escuela", "training": "los talleres"}
