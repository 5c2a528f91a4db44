package demo

var privateHabla = []situation{
	{private: "suspicious_mail", says: []says{
		{"g?1", "Me llegó un mensaje de la escuela que pide dinero\n[Dice que es para un paseo, {fee}.|Trae un enlace y el nombre de {child}.] ¿Es de ustedes?"},
		{"g?3", "Un correo dice que van a cerrar mi cuenta\n[Pide mi contraseña.|Lo abrí, pero no escribí nada.]"},
		{"g#2", "Escribí mi clave en una página que no era\n[Se veía igual que la de la escuela.|Fue a las {time}.]"},
		{"k?3", "me llegó un correo raro de un trabajo\n[Ofrecen mucho dinero.|A mis amigos también.]"},
		{"ts?3", "Un mensaje dice que mi buzón está lleno y pide la contraseña\n[Parece del distrito.|La dirección tiene una letra de más.] No lo abrí."}},
		first: []string{"Gracias por preguntar antes. Hizo muy bien; por favor no lo abra."},
		tried: []string{"Looked at the sender and the link, blocked it, took it out of the mailbox."},
		solve: []string{"Es falso. Nadie de la escuela pide dinero así. Por favor bórrelo.", "Es falso. Ya cambiamos su clave y cerramos lo demás; nadie entró.", "Es falso, ya lo quitamos de todos los buzones. Gracias por avisar."},
		redo:  []pair{{"¿Me pueden confirmar que ya quedó?", "Sí, {me}. Lo revisé otra vez hace un momento y todo sigue bien."}, {"Volvió a pasar anoche.", "Gracias por avisar, {me}. Esta vez venía de otro lado; ya quedó cerrado también, y hoy le llama la directora."}},
	},
	{private: "lost_device", says: []says{
		{"g#", "Nos robaron la Chromebook del carro\n[{Tag}.|Ya tenemos el número de la policía.] ¿Qué hacemos?"},
		{"g#", "{Child} perdió la computadora de la escuela\n[Cree que en el camión.|Fue el {weekday}.]"},
		{"k#", "alguien se llevó mi chromebook\n[{Tag}.|Estaba en el vestidor.]"},
		{"ts#", "Falta una computadora de {here}\n[{Stafftag}.|Estaba aquí el {weekday}.]"}},
		first: []string{"Ya la bloqueé desde aquí; nadie puede leer nada. Gracias por avisar tan pronto."},
		tried: []string{"Locked it from here, asked for its place: no answer so far."},
		qa:    []pair{{"Ya está bloqueada. ¿Puede preguntar otra vez en el camión y decirme qué le responden?", "[Dicen que no la tienen.|Todavía nada, me van a llamar.]"}},
		solve: []string{"Apareció y ya está con ustedes. Todo el tiempo estuvo bloqueada.", "No apareció, pero se borró antes de que alguien la viera. Hay otra en la biblioteca."},
		redo:  []pair{{"¿Me pueden confirmar que ya quedó?", "Sí, {me}. Lo revisé otra vez hace un momento y todo sigue bien."}, {"Volvió a pasar anoche.", "Gracias por avisar, {me}. Esta vez venía de otro lado; ya quedó cerrado también, y hoy le llama la directora."}},
	},
	{private: "privacy", says: []says{
		{"g?1", "Hay una foto de {child} en la página de la escuela\n[Dijimos que no queríamos fotos.|Es de {event}.] ¿La pueden quitar?"},
		{"g?2", "Puedo ver la boleta de otro niño\n[La cerré enseguida.|Salió al entrar.]"},
		{"k?3", "todos pueden ver mi calificación\n[Está en la hoja de {subject}.|No le he dicho a nadie.]"},
		{"ts?3", "Una lista con teléfonos de familias está abierta para todos\n[La vi en la carpeta.|No la abrí más.]"}},
		first: []string{"Gracias por decirnos. La estoy cerrando en este momento."},
		tried: []string{"Closed it and kept a list of who had opened it."},
		solve: []string{"Ya no está, tampoco en las copias. Le pedimos una disculpa.", "Ya está cerrado, y la otra familia lo sabe. Hizo usted muy bien.", "Ya está cerrada: cada quien ve solo lo suyo. Gracias por decirlo."},
		redo:  []pair{{"¿Me pueden confirmar que ya quedó?", "Sí, {me}. Lo revisé otra vez hace un momento y todo sigue bien."}, {"Volvió a pasar anoche.", "Gracias por avisar, {me}. Esta vez venía de otro lado; ya quedó cerrado también, y hoy le llama la directora."}},
	},
	{private: "safety", says: []says{
		{"g#1", "A {child} le mandan mensajes feos\n[Son {few} de su clase.|No quiere ir a la escuela.] Por favor llámenme."},
		{"g#1", "Alguien usa la cuenta de {child} para escribir a otros\n[No fue {he}.|Nos dimos cuenta anoche.]"},
		{"k#2", "alguien hizo una cuenta falsa mía\n[Ponen cosas feas.|No quiero que sepan que les dije.]"},
		{"ts#3y", "Leí algo en el trabajo de un alumno que me preocupa\n[Tengo una copia.|La consejera no está hoy.]"}},
		first: []string{"Le llamo ahora mismo. La cuenta está cerrada y los mensajes están guardados."},
		tried: []string{"Locked the account and saved everything. This needs the director."},
		solve: []string{"La cuenta está segura. La consejera habla mañana con cada quien, por separado.", "Ya no está la cuenta falsa. Nadie sabe quién avisó.", "La consejera ya habló hoy con el alumno y con su familia. Gracias por leer con tanto cuidado."},
		redo:  []pair{{"¿Me pueden confirmar que ya quedó?", "Sí, {me}. Lo revisé otra vez hace un momento y todo sigue bien."}, {"Volvió a pasar anoche.", "Gracias por avisar, {me}. Esta vez venía de otro lado; ya quedó cerrado también, y hoy le llama la directora."}},
	},
}

var outageHabla = []situation{
	{service: "signin",
		says: []says{
			{"g#", "La página para entrar da vueltas y vueltas\n[{Child} está enferm{o} en casa y no puede hacer su trabajo.|Quería avisar que hoy no va.] [Desde las {time}.|]"},
			{"g#", "No podemos entrar, la página regresa al principio\n[Probamos en el celular y en la computadora.|Anoche sí servía.]"},
			{"g~", "¿Se cayó la página de la escuela?\n[Me regresa a poner la cuenta.|Quiero ver el menú.]"},
			{"k#", "la página para entrar da vueltas\n[A todos en {here} les sale igual.|Pongo mi nombre y vuelve a salir.]"},
			{"k#", "no puedo entrar, me regresa al principio\n[Ya lo hice {n:4-15} veces.|Mi clave está bien.]"},
			{"tMH!", "Nadie de {class} puede pasar de la página para entrar\n[Son {kids} y no entra ninguno.|Escogen la cuenta y vuelve a empezar.]"},
			{"tE!", "La página para entrar da vueltas y mis niños también\n[Son {kids}, todos con su tarjeta en la mano.|Ya estamos cantando.]"},
			{"s#", "En la oficina nadie puede entrar al sistema\n[Pide la cuenta otra vez.|Hay fila de familias.] [Desde las {time}.|]"},
		},
		first: []string{"Ya lo sabemos: pasa en todas las escuelas. No es su contraseña; por favor no la cambie.", "Gracias por avisar, {me}. Es en todo el distrito y ya lo estamos arreglando."},
		solve: []string{"Ya funciona. Por favor cierre la ventana de antes y abra una nueva.", "Ya se arregló en todas las escuelas. No se perdió nada y nadie tiene que cambiar su clave."},
		redo:  []pair{{"Aquí sigue dando vueltas.", "Se quedó guardada la página de antes. Cierre todas las ventanas una vez; ya lo probé con su cuenta."}},
	},
}

var snowHabla = []situation{
	{service: "signin", says: []says{
		{"g#12", "{Child} no puede entrar desde la casa hoy\n[La clave se quedó en el salón.|Aparece {message}.] [Hay otros dos esperando la misma computadora.|]"},
		{"k#2", "no puedo entrar desde mi casa\n[Dice que no estoy en la escuela.|La clase empieza a las {n:9-10}.]"},
		{"ts#3", "No puedo entrar desde la casa, pide un código del teléfono de la oficina\n[Y la oficina está bajo la nieve.|Tengo clase a las {n:9-10}.]"}},
		first: []string{"Ya está en la lista de hoy, {me}. Los voy llamando uno por uno."},
		solve: []string{"Le dije la clave por teléfono y ya entró.", "Hoy se puede entrar desde cualquier casa; faltaba activarlo para su grado.", "El código ya le llega a su celular, hasta que abra la escuela."},
	},
	{service: "platform", says: []says{
		{"g?1", "¿Dónde está el trabajo del día de nieve?\n[Solo encontramos {few} clases.|{He} dice que no hay nada.]"},
		{"g?4", "¿Hay clase por computadora hoy?\n[No entendimos el mensaje.|Estaba en inglés.]"},
		{"k?2", "¿la tarea es para hoy si no hay escuela?\n[A ratos no tenemos luz.|La página dice las doce.]"},
		{"tE?3", "¿Qué pueden hacer mis niños sin pantalla?\n[Muchos comparten un teléfono.|Que sea divertido, ¡hay nieve!]"},
		{"tMH#4", "Mi clase en vivo no empieza\n[Hay {kids} alumnos esperando.|Es la primera vez que lo hago.]"},
		{"s?4", "¿Cómo publico que mañana tampoco abrimos?\n[En los dos idiomas.|Estoy en mi cocina.]"}},
		solve: []string{"En «Hoy», «Día de nieve»: hay una tarjeta por clase. También está en español.", "Todo lo de hoy se movió un día, solo.", "Hay una página con tres juegos de nieve, un lápiz y una cuchara. Ya se mandó a las familias.", "Ya está publicado en los dos idiomas, y el enlace sirve también mañana."},
	},
	{service: "wifi", says: []says{
		{"g#1", "No hay internet desde la tormenta\n[Los niños no pueden hacer su trabajo.|La compañía dice que tal vez mañana.] ¿Cuenta como falta?"},
		{"g~2", "Somos {few} en un solo aparato de internet\n[Tienen clase al mismo tiempo.|Va muy lento.]"},
		{"k#13", "no tenemos internet, ¿qué hago con la clase?\n[Escribo del celular de mi mamá.|Se cayó el poste.]"},
		{"ts~3", "El internet de mi casa no alcanza para la clase\n[Me ven como una pintura.|Toda la calle está conectada.]"}},
		solve: []string{"No cuenta como falta: la oficina ya lo sabe, y hay una semana más para el trabajo.", "Ya le puse más al aparato. Debe ir rápido otra vez.", "Se puede llamar a la clase con cualquier teléfono; el número está debajo del enlace."},
	},
}

var planHabla = []situation{
	{says: []says{
		{"t?", "Los alumnos graban un [informe|cuento|experimento] y explican lo que [midieron|aprendieron|cambiarían]\n[En grupos de tres.|Dos minutos cada uno.] [Me preocupa el ruido.|]"},
		{"t?", "Un mapa de los lugares de donde vienen nuestras familias\n[Cada quien pone un lugar y tres frases.|Sin nombres completos.] [Nunca he hecho uno.|]"},
		{"t?", "Un libro de la clase en dos idiomas\n[Las familias ayudan con las palabras.|Cada niño graba su página.]"},
		{"t?", "Un pódcast sobre nuestro pueblo\n[Con entrevistas a los abuelos.|Cinco partes, dos semanas.]"},
		{"t?", "Medimos la temperatura de la escuela por una semana\n[Y hacemos la gráfica.|Con sensores, si hay.]"}},
		first: []string{"Me encanta la idea. ¿Qué dos clases de la próxima semana usaría? Así preparo los grupos con usted."},
		tried: []string{"Tried it with one group; needs a second pair of hands."},
		redo:  []pair{{"Lo probamos hoy. La mitad salió muy bien y luego se acabó el tiempo.", "Para el primer día es mucho. Voy el {nextday} y terminamos juntos."}},
		solve: []string{"Voy con todo listo, empiezo con la clase y me quedo hasta que cada grupo guarde algo.", "La página ya está en su clase, con un ejemplo. En su casillero hay dos hojas: una para usted y otra para ellos.", "Lo probamos juntos y funciona. Tiene los pasos en una hoja, y otro camino en papel por si acaso."},
	},
}
