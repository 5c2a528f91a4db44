package demo

var signinHabla = []situation{
	{says: []says{
		{"g#", "{Child} no puede entrar a su cuenta\n[Dice que la contraseña no sirve.|Aparece {message}.|Antes entraba sin problema.]"},
		{"g#", "Se le olvidó la contraseña a {child}\n[La cambió en la escuela y no la apuntó.|Ya probamos {n:3-9} veces y se bloqueó.]"},
		{"g#", "No podemos entrar con la cuenta de la escuela\n[Se queda dando vueltas.|La tarjeta con la clave se perdió.]"},
		{"k#1", "no me acuerdo de mi contraseña\n[Me equivoqué {n:4-9} veces y se bloqueó.|La que traigo en la tarjeta ya no sirve.]"},
		{"k#1", "no puedo entrar a mi cuenta\n[Dice {message}.|A los demás sí los deja.]"},
		{"ts#2q", "[No puedo entrar a mi cuenta|Mi cuenta está bloqueada]\n[Cambié la contraseña el {weekday}.|Dice {message}.]"}},
		first: []string{"No se preocupe, pasa todos los días. Le preparo una nueva.", "Buenos días, {me}. Ya vi la cuenta; hoy mismo queda."},
		qa:    []pair{{"Para estar seguros de que es la cuenta correcta, ¿quién es su maestra o maestro de la mañana?", "Es {teacher}. [Gracias.|]"}},
		solve: []string{"La contraseña nueva está en la oficina, en un sobre con su nombre. La primera vez le pide cambiarla.", "Ya desbloqueé la cuenta. Le pasé la clave nueva por teléfono para no escribirla aquí.", "Listo: ya entra con la clave nueva. Si se vuelve a bloquear, escríbanos y lo vemos juntos."},
		redo:  []pair{{"La clave nueva funciona en la computadora, pero no en la página de la clase.", "Esa página tarda una hora en enterarse. Ya la reconoce también ahí; lo probé."}},
	},
	{says: []says{
		{"tMH!", "Nadie de {class} puede entrar\n[{kids} alumnos con la misma página.|Ponen la clave y vuelve al principio.]"},
		{"tE!", "Mis niños no pueden entrar con su tarjeta\n[Son {kids} y yo sola.|La levantan y no pasa nada.]"},
		{"s#2", "No podemos entrar al sistema en la oficina\n[Pide la cuenta otra vez y otra vez.|Desde las {time}.]"},
		{"k~2", "la cuenta se sale cada vez que cierro la computadora\n[A los demás no les pasa.|Tengo que escribir todo otra vez.]"}},
		first: []string{"Ya lo veo, {me}. En la oficina tienen un código de visita para empezar ahora mismo."},
		solve: []string{"El grupo se había perdido con la lista de anoche. Ya está de vuelta y entran todos.", "Era un ajuste vencido. Ya lo renové; por favor reinicien una vez."},
	},
	{says: []says{
		{"g#1", "No puedo entrar para ver la página de {child}\n[El enlace que me mandaron ya venció.|Hice la cuenta en agosto y no la había usado.]"},
		{"g?2", "Tengo dos hijos, ¿necesito dos cuentas?\n[Uno va en {grade} y el otro en otra escuela.|Siempre me sale solo el mayor.]"},
		{"g~3", "Cuando entro me sale otro niño\nDice {pupil} y no es de nuestra familia. [Lo cerré enseguida.|]"},
		{"g?4", "¿Qué clave se usa para {app}?\n[La de la escuela no la acepta.|{Child} dice que la maestra la puso.]"},
		{"g?1", "¿Cómo cambio mi correo para entrar?\n[El de antes ya no lo uso.|Nunca me llegan los avisos.]"}},
		solve: []string{"Le mandé un enlace nuevo al correo que tenemos. Dura siete días; ahí escoge su propia contraseña.", "Con una cuenta basta: ya están los dos. Arriba se escoge el nombre.", "Ya quedó: usted ve solamente a su familia. Gracias por avisar tan pronto.", "En {app} se entra desde la página de inicio, con un clic y sin otra clave."},
	},
}

var platformHabla = []situation{
	{says: []says{
		{"g#1", "{Child} no puede entrar a la plataforma\n[Dice que la contraseña no sirve desde el {weekday}.|Aparece {message}.]"},
		{"g#2", "La tarea no se deja entregar desde la casa\n[Se queda cargando.|Lo intentamos hasta las {n:9-11} de la noche.]"},
		{"g#13", "A {child} le sale la clase vacía\n[Los demás ya tienen la tarea.|{Teacher} dice que ahí está.]"},
		{"k#13", "no puedo ver la tarea de {subject}\n[A mí me sale vacío.|Dice que no estoy en la clase.]"},
		{"k#2", "no me deja entregar mi trabajo\n[Dice que es muy grande.|Da vueltas y vueltas.]"},
		{"k~4z", "entregué el archivo equivocado\n[Era la lista de mi mamá.|¿Me lo pueden regresar?]"}},
		first: []string{"Gracias por escribir, {me}. Estoy viendo la página igual que ustedes la ven."},
		solve: []string{"Faltaba agregar la clase a su cuenta. Ya aparece, con todo lo que se entregó antes.", "El video era muy pesado. Lo hice más chico y ya se entregó, con la hora de ustedes.", "La tarea estaba asignada solo a un grupo. Ya la puede ver.", "Ya regresé el archivo para que se entregue el bueno. Cuenta la hora del primero."},
		redo:  []pair{{"Ya abre, pero no aparece lo que había hecho.", "Estaba guardado en la clase anterior. Ya lo pasé, no se perdió nada."}},
	},
	{says: []says{
		{"g?1", "¿Dónde veo [lo que tiene que entregar {child}|las tareas de {child}]?\n[{He} dice que no hay nada, todos los días.|Solo encuentro el calendario.]"},
		{"g?2", "¿Cómo entro a la plataforma?\n[Tengo un papel con un código.|En la carta dice que hay una página para familias.]"},
		{"g#2", "El código de la carta no lo acepta\n[Ya lo escribí {n:3-7} veces.|¿Es un cero o una letra O?]"},
		{"g~3", "Los mensajes me llegan en inglés\n[Los quisiera en español.|Ya lo había cambiado, según yo.]"},
		{"g~4", "Solo veo a uno de mis hijos\n[Falta el más chico.|Tienen apellidos diferentes.]"},
		{"g?5", "¿Se puede ver la plataforma en el celular?\n[No tenemos computadora en la casa.|La página sale muy chiquita.]"}},
		first: []string{"Buenos días, {me}. Con gusto le explico, un momento."},
		solve: []string{"Arriba escoja el nombre y después «Esta semana». Ahí está lo que falta y lo que ya se entregó.", "Le mandé un código nuevo. No lleva la letra O, solamente números.", "El idioma se cambia debajo de su nombre. Ya se lo puse en español; el próximo mensaje le llega así.", "Ya están los dos en su cuenta. Se escoge el nombre arriba.", "Sí: en el celular abra el mismo enlace y toque «Ver en teléfono». Si no le sale, le llamo y lo hacemos juntos."},
	},
	{says: []says{
		{"t?1", "¿Cómo copio una unidad del año pasado?\n[Con las pruebas.|Para {class}.]"},
		{"t~3", "Las familias no ven lo que pongo en español\n[Les llega todo en inglés.|Son {n:4-12} familias.]"},
		{"s?2", "¿Cómo mando un mensaje a todas las familias de {grade}?\n[Sobre {event}.|En los dos idiomas.]"}},
		solve: []string{"Abra la unidad, tres puntos, «Copiar a», y escoja la clase. Marque «Mover fechas» y se ajustan solas.", "Escoja «Familias» y el grado. A cada quien le llega en su idioma; mire primero la vista previa.", "Cada familia tiene un idioma en su expediente, y en esas faltaba. Ya lo tienen; el próximo mensaje les llega en español."},
	},
}

var gradebookHabla = []situation{
	{says: []says{
		{"g?1", "¿Dónde veo las calificaciones de {child}?\n[La escuela dijo que están en línea, pero solo veo el calendario.|Es la primera vez que las busco.]"},
		{"g~2", "Las calificaciones no han cambiado en {n:2-5} semanas\n[{He} dice que ya hubo exámenes.|La otra clase ya las tiene.]"},
		{"g~3z", "Sale como no entregada una tarea que sí entregó\n[La tenemos aquí, con una carita feliz.|Es de {subject}.]"},
		{"g?4", "¿Qué quiere decir «NT» en la boleta?\n[Y hay un cuadro vacío.|Nadie nos supo decir.]"},
		{"g~5z", "Me llega un aviso por cada calificación\n[{n:6-24} en un día.|Quisiera uno por semana.]"},
		{"g?6", "¿Nos pueden dar la boleta en español?\n[La de antes venía en inglés.|Mi suegra también la lee.]"},
		{"k?7", "¿por qué tengo {n:52-68} si me fue bien?\n[Es en {subject}.|¿Será porque falté?]"}},
		first: []string{"Gracias por preguntar, {me}. Estoy viendo la página como usted la ve."},
		solve: []string{"Arriba escoja el nombre y después «Calificaciones». Si no aparece, dígame y le llamo.", "La maestra las pone al terminar la unidad. Su página está bien, no le falta nada.", "Sí se había entregado; faltaba marcarla. Ya aparece.", "Quiere decir que ese tema todavía no se ha visto. El cuadro vacío es lo mismo.", "En «Ajustes», «Mensajes», escoja «Una vez por semana». Esta vez ya se lo cambié yo.", "Claro que sí. Ya puse español en su expediente; la próxima boleta sale así y la de ahora está en la oficina.", "Un trabajo sin nota contaba como cero. Ya no cuenta, y tu promedio subió."},
	},
	{says: []says{
		{"t~1", "Los promedios salen mal después de cambiar un peso\n[En {class}, a todos.|Los exámenes cuentan {n:50-70} en lugar de 40.]"},
		{"t#2", "No puedo poner calificaciones, todo está gris\n[Las boletas se cierran el {nextday}.|Solo en {class}.]"},
		{"s~3z", "Hay que cambiar una calificación después de la fecha\n[El papel está firmado.|Es de {grade}.]"}},
		solve: []string{"El peso se guardó para el semestre y no para el año. Ya lo corregí; por favor revíselo.", "La fecha estaba cerrada un día antes en su escuela. Ya puede escribir.", "Ya está cambiada, con el papel adjunto."},
	},
}

var accountHabla = []situation{
	{says: []says{
		{"g?1", "¿Cómo hago una cuenta para familias?\n[Encontré la página y pide un código.|Tenemos dos hijos en la escuela.]"},
		{"g?2", "¿Cuándo le dan su cuenta a {child}?\n[Empezó el {weekday}.|Los otros ya tienen tarea en línea.]"},
		{"g?3", "¿Puede tener cuenta también la abuelita?\n[Ella los recoge y les ayuda con la tarea.|Solo para ver.]"},
		{"g#4", "Mi cuenta está con un correo que ya no tengo\n[No me llega nada.|El nuevo lo dejé en la oficina.]"},
		{"g~5", "Nuestro apellido está mal escrito\n[Le falta una letra en todas las cartas.|Ya lo dijimos en la oficina.]"},
		{"g?6", "Estamos separados. ¿Cada quien puede tener su cuenta?\n[Sin ver los mensajes del otro.|En la oficina me dijeron que escribiera aquí.]"},
		{"k#7", "soy nuev{o} y no tengo cuenta\n[Empecé el {weekday}.|Uso la de visita.]"}},
		first: []string{"Gracias por escribir. Para estar seguros de quién es quién, tal vez le llame la oficina."},
		solve: []string{"El código va por correo a la dirección que tiene la escuela. Sirve para los dos.", "La cuenta ya está. La carta con la primera contraseña va en la carpeta, en español.", "Sí: en la oficina hay una hoja para eso. Ya la agregué como persona que puede ver.", "Ya puse el correo nuevo y le mandé un enlace; dura siete días.", "Ya está bien escrito en el expediente. Le pido disculpas por la espera.", "Sí. Cada quien tiene su cuenta y sus mensajes; ninguno ve los del otro.", "Tu cuenta ya está lista. Pasa por la biblioteca y ahí te dan la clave."},
	},
	{says: []says{
		{"s?1", "Familia nueva con {few} hijos, necesitamos sus cuentas\n[Empiezan el {nextday}.|Hablan español y mixteco.]"},
		{"s?2", "Empieza una asistente nueva el {nextday}\n[{Newperson}.|Necesita cuenta y copiadora.]"},
		{"t?2", "Llegó un alumno nuevo y no tiene cuenta\n[{Pupil}, de {class}.|Trabaja con un compañero mientras tanto.]"}},
		solve: []string{"Las cuentas están hechas y los sobres están en la oficina.", "Ya está lista, con todo lo que necesita el primer día."},
	},
}

var dataHabla = []situation{
	{says: []says{
		{"g?1", "Nos cambiamos de casa. ¿Dónde cambio la dirección?\n[El camión todavía pasa por la de antes.|Tengo el contrato de la renta.]"},
		{"g~2", "El teléfono que tiene la escuela está mal\n[El bueno es el {phone}.|Le hablan a mi hermana.]"},
		{"g~3", "Los mensajes le llegan solo a mi esposo\n[Yo también los quisiera.|Vivimos en la misma casa.]"},
		{"g?4", "¿Quién puede ver los datos de {child}?\n[Firmé una hoja y no la leí completa.|Hay una aplicación con su nombre completo.]"},
		{"g~5", "{Child} no aparece en la lista de la escuela\n[{Lo} inscribimos en el verano.|Nos dicen que esperemos.]"},
		{"g?6", "¿Cómo aviso que otra persona va a recoger a {child}?\n[Es su tía.|Solo los {nextday}.]"},
		{"k~7", "mi nombre está mal escrito\n[También en mi credencial.|Le falta el acento.]"}},
		first: []string{"Gracias por avisarnos, {me}. Ahora mismo reviso el expediente."},
		solve: []string{"Ya está cambiada. El camión la recibe esta noche y las clases mañana.", "Ya quedó su número, en primer lugar.", "Desde hoy le llegan a los dos, a cada quien en su idioma.", "Los maestros, la oficina y la enfermera, cada quien solo lo que necesita. Le mandé la lista de aplicaciones.", "La inscripción sí estaba, pero sin grado. Ya aparece en su clase.", "Con una hoja en la oficina basta; ya le mandé la página en español.", "Ya está bien escrito, con acento."},
	},
	{says: []says{
		{"s~1", "Los nombres perdieron los acentos en las listas\n[Sale un signo de interrogación.|Son {n:6-30} familias.]"},
		{"t~2", "Me faltan {few} alumnos en la lista de {class}\n[Aquí están sentados.|Desde el {weekday}.]"}},
		solve: []string{"La lista se leía mal al entrar. Ya regresaron todos los acentos.", "Estaban en un grupo sin maestro. Ya están con usted."},
	},
}

var phoneHabla = []situation{
	{says: []says{
		{"g#1", "Llamo a la escuela y nadie me oye\n[Ya llamé {n:2-6} veces.|Suena y luego se queda callado.]"},
		{"g?2", "¿A qué número llamo cuando {child} está enferm{o}?\n[El del papel siempre está ocupado.|¿Puedo avisar por escrito?]"},
		{"g~3", "Las llamadas automáticas llegan al número de antes\nEl nuevo es {phone}. [Ya lo había dicho en la oficina.|]"},
		{"g~4", "La escuela nos llama de madrugada\n[Era una voz grabada, sobre {event}.|A las {n:2-5} de la mañana.]"},
		{"g~3", "Las llamadas grabadas vienen en inglés\n[Cuelgo porque no entiendo.|Quisiera saber qué dicen.]"},
		{"g?5", "¿Hay alguien que hable español en la oficina por las tardes?\n[Salgo de trabajar a las tres.|La última vez tuve que llevar a mi sobrina.]"},
		{"k?7", "¿puedo llamar a mi casa desde la oficina?\n[Se me acabó la pila.|Olvidé mi trompeta.]"},
		{"s#6", "El teléfono de la entrada no tiene línea\n[Desde las {time}.|El otro sí funciona.]"},
		{"t~6", "El teléfono de {here} no suena\n[La pantalla está apagada.|Me di cuenta al llamar a una familia.]"},
		{"s?8", "¿Podemos poner el saludo también en español?\n[Muchas familias cuelgan.|Yo lo puedo grabar.]"}},
		first: []string{"Gracias por avisar. Lo estoy revisando con la línea de la escuela."},
		solve: []string{"La línea fallaba de nuestro lado. Le llamé y nos oímos bien los dos.", "Hay un número para ausencias de día y de noche, y también una hoja en la página de la escuela, en español.", "Ya está su número y el idioma: la próxima llamada le llega en español.", "Las llamadas salen de ocho a ocho, nunca de noche. Disculpe por esa vez.", "Sí, de lunes a jueves hasta las cinco. Pregunte por la oficina bilingüe.", "Ya tiene línea; era el cable.", "Claro que sí, pídelo en la entrada.", "Ya está grabado en los dos idiomas. Marque 9 para oírlo."},
	},
}
