package demo

var chromebookHabla = []situation{
	{says: []says{
		{"g?1", "Se rompió la pantalla de la Chromebook en la casa\n[Fue el perro, la verdad.|{He} la pisó sin querer.] ¿Tenemos que pagar?"},
		{"g~2x", "Algunas teclas de la Chromebook ya no sirven\n[Fue un vasito de leche, creo.|No se le cayó nada, ya pregunté.]"},
		{"g#2x", "La Chromebook de {child} no prende\n[La cargamos toda la noche.|No sale ninguna luz.] [Dice {tag} en la etiqueta.|]"},
		{"g~4x", "La computadora de la escuela tarda mucho en empezar\n[Como quince minutos.|{He} se desespera y usa mi celular.]"},
		{"k~1", "se rompió la pantalla, {tag}\n[Se me cayó de la mesa.|La cerré con un lápiz adentro.]"},
		{"k~3x", "mi cargador ya no sirve {tag}\n[Hay que detenerlo con la mano.|No prende la luz.]"},
		{"k#2x", "mi chromebook se quedó en la actualización\n[En {n:11-97} por ciento desde las {time}.|{Tag}.]"}},
		first: []string{"Gracias por decirnos luego luego. Hay una de préstamo en la biblioteca.", "No se preocupe, {me}, para eso hay de repuesto."},
		part:  []pair{{"La pantalla está pedida. Mientras llega, se queda con la de préstamo.", "Ya tiene pantalla nueva. Está en la biblioteca con su nombre."}},
		solve: []string{"Ya está reparada, en la biblioteca con su nombre. No hay que pagar nada.", "Le dimos otra; sus trabajos aparecen al entrar con su cuenta.", "El cargador nuevo está en la biblioteca. El otro tenía un cable roto.", "Estaba llena de archivos de antes. Ya la limpié y arranca como nueva."},
	},
	{says: []says{
		{"g?1", "¿Hay que firmar algo por la Chromebook?\n[{Child} llegó con ella y sin papel.|¿Y cuánto cuesta el seguro?]"},
		{"g?2", "Nos mudamos. ¿Dónde regresamos la Chromebook?\n[También el cargador.|El {date}, más o menos.]"},
		{"g?3", "{Child} dejó la Chromebook en casa de su abuela\n[La recogemos el {nextday}.|¿Le prestan una hasta entonces?]"},
		{"g#4", "No encontramos la Chromebook\n[{Child} la traía el {weekday}.|Ya buscamos en el camión.]"}},
		solve: []string{"La hoja está en la oficina, en español, y también se puede firmar en el teléfono. El seguro no cuesta nada.", "En la oficina de cualquier escuela. Ya lo apunté para que no les llegue ningún cobro.", "Sí, en la biblioteca le prestan una por el día.", "Apareció en el gimnasio. La oficina la tiene."},
	},
	{says: []says{
		{"t~1", "{Few} Chromebooks del carrito {cart} no cargan\n[Siempre los mismos lugares.|{Tag} y otras.]"},
		{"tMH!2", "El carrito {cart} no está y {class} lo necesita ahora\n[Lo tengo apartado.|Busqué en tres salones.] Son {kids} alumnos."},
		{"s?3", "¿Cuándo recogen las Chromebooks de la oficina?\n[Son {n:8-40} y ya no caben.|La mitad sin cargador.]"}},
		solve: []string{"Se apagaba la mitad del carrito por la noche. Ya carga completo.", "Estaba en el pasillo de arriba, con una rueda mala. Ya está en su salón.", "Paso yo por ellas, con dos cajas."},
	},
}

var wifiHabla = []situation{
	{says: []says{
		{"g#1", "No tenemos internet en la casa por ahora\n[Nos cambiamos y tarda tres semanas.|Es solo para la tarea.] ¿Prestan algo?"},
		{"g~2", "El internet que prestó la escuela está muy lento\n[Lo usan mis dos hijos.|La primera semana iba bien.]"},
		{"g~3", "La Chromebook no se conecta a nuestro Wi-Fi\n[Los celulares sí.|Pide un certificado.]"},
		{"g?5", "¿Hay Wi-Fi para los papás en {event}?\n[En el gimnasio no entra la señal.|Quisiera mandar el video a su abuelita.]"},
		{"k#4", "no hay internet en {here}\n[A todos nos sale igual.|Dice conectado pero no abre nada.]"},
		{"k~4", "el wifi se va cada rato en {here}\n[Mi trabajo dice sin conexión.|Del lado de la ventana.]"},
		{"ts~4", "El Wi-Fi se cae en {here}\n[Regresa en un minuto.|Sobre todo a media mañana.]"},
		{"tE!4", "No hay internet en las tabletas y estamos en plena clase\n[Son {kids} niños con la pantalla blanca.|Todas al mismo tiempo.]"}},
		first: []string{"Gracias, {me}. Lo estoy viendo desde aquí."},
		solve: []string{"Hay un aparato de internet a su nombre en la biblioteca, con una hoja de tres pasos.", "Se había acabado lo del mes. Ya le puse más y va rápido.", "Quité el ajuste que lo bloqueaba; reinicie una vez y se conecta.", "El punto de acceso se había apagado. Ya está de vuelta y todos conectados.", "Sí: el código está en la puerta y sirve hasta la noche."},
	},
}

var displayHabla = []situation{
	{says: []says{
		{"g?1", "¿Habrá intérprete con audífonos en {event}?\n[Mi mamá no habla inglés y quiere ir.|La otra vez no oímos nada.]"},
		{"g?5", "¿Se va a ver {event} por video?\n[Los abuelos viven lejos.|Trabajo esa tarde.]"},
		{"g~2y", "No se oía nada en {event}\n[Estábamos atrás.|El micrófono hacía ruido.]"},
		{"t~6y", "El proyector de {here} se apaga solo\n[Cada diez minutos.|El ventilador hace mucho ruido.]"},
		{"tMH!3y", "No hay imagen en la pantalla de {here}\n[{Class} está aquí.|Se oye pero no se ve.]"},
		{"s?4", "¿Nos ayudan con pantalla y micrófono para {event}?\n[El {nextday} en la tarde.|Vienen unas {n:6-25}0 personas.]"},
		{"k?7", "¿cómo ponemos la presentación en la pantalla?\n[Nos toca el {nextday}.|El cable no le queda.]"}},
		first: []string{"Con gusto, {me}. Ya lo apunté y le confirmo hoy."},
		solve: []string{"Sí. Los audífonos están en la entrada; pregunten por la intérprete.", "Ya está arreglado: dos micrófonos, y los probé desde la última fila.", "Era la entrada equivocada. Ya se ve, y le puse una etiqueta.", "Está todo apartado para ese día. Llego una hora antes.", "Sí, con un enlace que le mandamos ese día. También se puede ver después.", "El filtro estaba lleno de polvo. Ya no se apaga.", "Se escoge «Transmitir» y el número del salón. Pasa por la biblioteca y te presto el adaptador."},
	},
}

var printingHabla = []situation{
	{says: []says{
		{"g?1", "¿Me pueden imprimir una hoja en la escuela?\n[No tenemos impresora.|Hay que firmarla para el {nextday}.]"},
		{"g~2", "La boleta se imprimió sin la última página\n[Faltan los comentarios.|La pide la otra escuela.]"},
		{"g?3", "¿Hay la hoja de {form} en español?\n[La que nos dieron está en inglés.|Son dos, una para cada uno.]"},
		{"k#4", "no se imprime mi ensayo en {here}\n[Dice esperando.|Es para {period}.]"},
		{"ts#4", "No sale nada de la impresora\n[Hay {n:3-15} trabajos esperando.|Dice que está lista.]"},
		{"ts~6", "La impresora deja rayas en cada hoja\n[Desde el tóner nuevo.|Del lado izquierdo.]"},
		{"s?5", "Necesitamos tóner\n[Ya dice bajo desde el {weekday}.|El último lo pusimos ayer.]"}},
		solve: []string{"Claro que sí. La oficina se la imprime; solo dé su nombre.", "La boleta completa está en un sobre en la oficina.", "La hoja en español está en la oficina y en la página de la escuela.", "Un archivo muy grande detenía a los demás. Ya salió todo.", "Ya tiene tóner nuevo y hay otro en el armario.", "Limpié el rodillo y ya imprime sin rayas."},
	},
}

var testingHabla = []situation{
	{says: []says{
		{"g?1", "¿Cuándo es el examen del estado de {child}?\n[Tenemos cita con el doctor esa semana.|¿Es un día o dos?]"},
		{"g?2", "¿Cuándo llegan los resultados del examen?\n[¿Vienen en español?|Nos vamos a mudar.]"},
		{"g?3", "¿Puede hacer {child} el examen otro día?\n[Tiene calentura.|Tenemos un funeral.]"},
		{"g?4", "¿Va a tener {child} más tiempo en el examen?\n[Está en el plan que firmamos.|El año pasado se les olvidó.]"},
		{"g?5", "¿El examen se puede hacer en español?\n[Llegamos hace {n:3-10} meses.|Las matemáticas sí las sabe.]"},
		{"k~6y", "la aplicación del examen pide actualización\n[La toqué y no pasa nada.|{Tag}.]"},
		{"k#6y", "mi examen se cerró y dice en pausa\n[No toqué nada.|¿Empiezo otra vez?]"},
		{"tMH!7y", "Ningún alumno de {class} puede empezar el examen\n[La clave del pizarrón no sirve.|Todas las pantallas piden actualizar.]"},
		{"ts#8y", "No aparece la sesión de examen para {here}\n[Es mañana.|Ayer se veía.]"}},
		first: []string{"Gracias por preguntar con tiempo, {me}."},
		solve: []string{"Son dos mañanas. Le mandé el calendario de la escuela en español.", "En el verano, por correo y en línea, también en español. Si se mudan, les siguen.", "Sí, hay una semana de reposición. La escuela le avisa el día.", "Sí, ya está puesto, y la maestra lo tiene en papel.", "En matemáticas sí. Ya quedó puesto; en lectura es en inglés, con diccionario.", "Ya está actualizado y el examen siguió en la misma pregunta, con todo su tiempo.", "Todas las máquinas tienen ya la versión nueva y la clave funciona. Empezaron con su tiempo completo.", "La sesión ya aparece; la lista había salido antes que los salones."},
	},
}

var licenseHabla = []situation{
	{says: []says{
		{"g?1", "¿Tenemos que pagar {app}?\n[La página pide {fee} al año.|{Child} dice que todos lo tienen.]"},
		{"g?2", "¿Hay el libro de {subject} en línea?\n[Se quedó en el camión.|Pesa mucho.]"},
		{"g~3", "{App} dice que se acabó la prueba\n[La semana pasada sí abría.|Tiene tarea ahí.]"},
		{"k~3", "{app} ya no me abre, dice que terminó la prueba\n[Tengo tarea de {subject}.|A mis amigos sí les abre.]"},
		{"t~3", "Ya no hay lugares en {app} para {few} de mis alumnos\n[Son los que llegaron el {weekday}.|Ven trabajar a los demás.]"},
		{"s?4", "¿Quién pide los audífonos?\n[Los nuestros ya no sirven.|Serían unos {n:6-30}.]"}},
		solve: []string{"No pague nada, por favor: la escuela ya lo tiene. Está en la página de inicio.", "Sí, y es gratis. Está en la página de inicio, en «Libros».", "Ya tiene su lugar. Cierre {app} una vez y ábrala desde la página de inicio.", "Ya están pedidos; llegan el {nextday}."},
	},
}

var trainingHabla = []situation{
	{says: []says{
		{"g?1", "¿Hay un taller para papás sobre la plataforma?\n[Quisiera aprender también.|Somos varias mamás de {place}.]"},
		{"g?2", "¿Quién me enseña a ayudar con la tarea en la computadora?\n[Yo no crecí con esto.|{He} va más rápido que yo.]"},
		{"g?3", "¿El taller puede ser de día?\n[Trabajo de noche.|Y con alguien que cuide a los chiquitos.]"},
		{"g?1", "¿El taller de {event} es en español?\n[Mi esposo también iría.|En el papel no dice.]"},
		{"k?4", "¿cómo hago un video para {subject}?\n[Con mi voz encima.|De dos minutos.]"},
		{"ts?5", "¿Me enseñan a usar el calendario de la clase?\n[Aprendo mejor haciéndolo.|Diez minutos bastan.]"}},
		first: []string{"Qué bueno que pregunta, {me}. Busco un horario que les quede."},
		solve: []string{"Sí: el {nextday} a las seis, en español, con cuidado de niños. Ya están en la lista.", "Con gusto nos sentamos media hora en la escuela, de día o de tarde. Pida la hora en la oficina.", "Haremos uno por la mañana, después de dejar a los niños. Le aviso por aquí.", "Pase por la biblioteca y hacemos juntos el principio; lo demás ya es fácil.", "Lo hicimos juntos con su clase; los tres pasos están en una tarjeta junto a su pantalla."},
	},
}
