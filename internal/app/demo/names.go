package demo

// Names that people of one American district may have. They are drawn at
// random and belong to nobody.
var firstNames = []string{
	"Aaliyah", "Aaron", "Abena", "Adam", "Adriana", "Aidan", "Aisha", "Alejandro", "Alina", "Amara", "Amir", "Ana", "Andre", "Anh", "Anika", "Anthony",
	"Arjun", "Asher", "Aurora", "Ava", "Beatriz", "Ben", "Bianca", "Brandon", "Brooke", "Caleb", "Camila", "Carlos", "Caroline", "Cecilia", "Chen", "Chloe",
	"Claire", "Cole", "Connor", "Daniela", "Darius", "David", "Deja", "Diego", "Dmitri", "Dominic", "Eduardo", "Elena", "Elijah", "Eliza", "Emeka", "Emilia",
	"Emmanuel", "Esther", "Ethan", "Eva", "Fatima", "Felix", "Fiona", "Gabriel", "Gabriela", "Genesis", "Gianna", "Grant", "Gustavo", "Hailey", "Hannah", "Harper",
	"Hassan", "Hector", "Henry", "Hope", "Ibrahim", "Ingrid", "Isaac", "Isabel", "Ivan", "Jada", "Jamal", "Javier", "Jayden", "Jin", "Joaquín", "Jordan",
	"José", "Juliana", "Kai", "Kamala", "Kareem", "Keisha", "Kevin", "Khadija", "Kiran", "Lamar", "Laila", "Leah", "Leo", "Leticia", "Liam", "Lila",
	"Linh", "Logan", "Lorena", "Lucas", "Luz", "Maeve", "Malik", "Manuel", "Marcus", "Maria", "Mason", "Mateo", "Maya", "Mei", "Micah", "Miguel",
	"Mila", "Mina", "Mohammed", "Nadia", "Naomi", "Natalia", "Nathan", "Nia", "Nico", "Nina", "Noah", "Nora", "Olivia", "Oscar", "Paloma", "Paolo",
	"Peter", "Phoebe", "Quinn", "Rafael", "Rania", "Raúl", "Rebecca", "Reza", "Rosa", "Ruby", "Samir", "Santiago", "Sara", "Sebastian", "Sienna", "Sofia",
	"Stella", "Tariq", "Tatiana", "Theo", "Thuy", "Tyler", "Valeria", "Vera", "Victor", "Wei", "Xavier", "Yara", "Yusuf", "Zoe", "Zora", "Zuri",
}

var lastNames = []string{
	"Abbott", "Acosta", "Aguilar", "Ahmed", "Alvarado", "Anand", "Appiah", "Arnold", "Baez", "Baker", "Banerjee", "Barnes", "Barros", "Bell", "Bennett", "Bergeron",
	"Blake", "Boateng", "Bowen", "Brennan", "Brooks", "Bui", "Burke", "Cabrera", "Callahan", "Campos", "Cardoso", "Carey", "Castillo", "Chandra", "Chang", "Cho",
	"Coleman", "Collins", "Connolly", "Cordero", "Costa", "Crane", "Cruz", "Cunningham", "Da Silva", "Dang", "Delgado", "Dempsey", "Diallo", "Diaz", "Doan", "Donnelly",
	"Doyle", "Duong", "Eaton", "Edwards", "Ellis", "Escobar", "Espinoza", "Estrada", "Farrell", "Fernandes", "Figueroa", "Fischer", "Fleming", "Flores", "Foster", "Franco",
	"Gallagher", "Garcia", "Garza", "Gebre", "Gomes", "Gonzalez", "Gordon", "Graham", "Greene", "Guerrero", "Gupta", "Gutierrez", "Haile", "Hale", "Hansen", "Harris",
	"Hassan", "Hayes", "Hernandez", "Herrera", "Hoang", "Holloway", "Hughes", "Huynh", "Iqbal", "Islam", "Jackson", "Jensen", "Jimenez", "Johansson", "Jones", "Joseph",
	"Kamara", "Kaplan", "Kaur", "Keane", "Kelly", "Khan", "Khoury", "Kovacs", "Kowalski", "Kumar", "Lam", "Larsen", "Le", "Lee", "Levine", "Lewis",
	"Lim", "Lopez", "Lozano", "Lynch", "Mack", "Mahoney", "Maldonado", "Marin", "Marquez", "Martinez", "Mbeki", "McBride", "McCarthy", "Medina", "Mehta", "Mendes",
	"Mensah", "Mercado", "Meyer", "Mitchell", "Molina", "Monroe", "Morales", "Moreau", "Murphy", "Navarro", "Nguyen", "Nolan", "Nwosu", "O'Brien", "O'Connor", "Ochoa",
	"Okeke", "Oliveira", "Olson", "Ortega", "Ortiz", "Osei", "Owens", "Pacheco", "Palmer", "Park", "Patel", "Pereira", "Perez", "Pham", "Phillips", "Pierce",
	"Pineda", "Porter", "Powell", "Quinones", "Quintero", "Rahman", "Ramirez", "Ramos", "Reddy", "Reid", "Reyes", "Rivera", "Robinson", "Rodriguez", "Rojas", "Romero",
	"Rossi", "Russo", "Salazar", "Sanchez", "Santana", "Santos", "Schmidt", "Serrano", "Shah", "Sharma", "Shaw", "Silva", "Singh", "Solis", "Soto", "Stein",
	"Sullivan", "Suarez", "Sutton", "Tavares", "Taylor", "Tesfaye", "Thomas", "Thompson", "Torres", "Tran", "Trinh", "Turner", "Vance", "Vargas", "Vasquez", "Vaughn",
	"Velez", "Vo", "Wagner", "Walker", "Walsh", "Ward", "Warren", "Weber", "White", "Williams", "Wong", "Wright", "Yang", "Yilmaz", "Young", "Zamora",
}

// Names of families who are written to in Spanish.
var (
	spanishFirst = []string{"Alicia", "Andrés", "Beatriz", "Blanca", "Claudia", "Cristina", "Edgar", "Elsa", "Ernesto", "Esperanza", "Fernando", "Gloria", "Graciela",
		"Guadalupe", "Héctor", "Irma", "Jorge", "Josefina", "Julio", "Leonor", "Lidia", "Lucía", "Marisela", "Martín", "Mercedes", "Norma", "Olga", "Pablo", "Patricia",
		"Ramón", "Raquel", "Rocío", "Rosario", "Silvia", "Susana", "Teresa", "Verónica", "Yolanda"}
	spanishLast = []string{"Aguirre", "Arias", "Barrios", "Bautista", "Cabrera", "Calderón", "Cárdenas", "Castro", "Cisneros", "Contreras", "Domínguez", "Fuentes", "Galindo",
		"Gómez", "Guzmán", "Hernández", "Ibáñez", "Juárez", "León", "Luna", "Marín", "Mejía", "Méndez", "Montoya", "Nájera", "Núñez", "Olivares", "Orozco", "Peña", "Pérez",
		"Quiroga", "Ríos", "Robles", "Salinas", "Sandoval", "Solórzano", "Tapia", "Trejo", "Valdez", "Villanueva", "Zavala"}
)

// What teachers teach, by the level of their school.
var subjects = map[string][]string{
	"elementary": {"Kindergarten", "Grade 1", "Grade 1", "Grade 2", "Grade 2", "Grade 3", "Grade 3", "Grade 4", "Grade 5", "Special education", "Art", "Music", "Physical education", "Reading specialist", "English learners"},
	"middle":     {"Grade 6 math", "Grade 6 science", "Grade 6 English", "Grade 7 math", "Grade 7 English", "Grade 7 social studies", "Grade 8 science", "Grade 8 English", "Spanish", "Band", "Art", "Special education", "Physical education", "English learners"},
	"high":       {"Algebra", "Geometry", "Statistics", "Biology", "Chemistry", "Physics", "Grade 9 English", "Grade 10 English", "Grade 11 English", "US history", "World history", "Economics", "Spanish", "French", "Band", "Theater", "Art", "Health", "Special education", "Business", "Auto shop"},
}

// What else people do at a school or at the office.
var duties = map[string][]string{
	"elementary": {"School nurse", "Front office", "Classroom aide", "Classroom aide", "Cafeteria manager", "Custodian", "School counselor", "Attendance clerk"},
	"middle":     {"School nurse", "Front office", "Classroom aide", "Assistant principal", "School counselor", "Attendance clerk", "Cafeteria manager", "Custodian"},
	"high":       {"School nurse", "Front office", "Classroom aide", "Assistant principal", "School counselor", "Registrar", "Athletics office", "Cafeteria manager", "Custodian", "College office"},
	"office":     {"Payroll", "Human resources", "Transportation", "Food services", "Curriculum", "Special education office", "Enrollment", "Facilities", "Superintendent's office"},
}
