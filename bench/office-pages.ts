/** What an address of the office needs to know of the municipality. */
export type Places = { schoolId: string; classId: string; serviceId: string; communicationId: string }

/** One page of the office, and what is asked of it. */
export type OfficePage = { list: string; query: string }

type Asked = Readonly<Record<string, string | readonly string[]>>

const ORDERS = ['scuola', 'classe', 'servizio', 'dieta', 'fascia', 'dal', '-al', 'famiglia', 'nascita']

/** What is asked of the two longest lists. */
const PEOPLE = (schoolId: string): Record<string, readonly Asked[]> => ({
  alunni: [
    {},
    { pagina: '20' },
    { ordina: '-nome' },
    { stato: '' },
    { stato: 'futuro' },
    { stato: 'finito', ordina: '-al' },
    { cerca: 'a' },
    { cerca: 'an' },
    { cerca: 'rossi' },
    { cerca: 'rossi', pagina: '20' },
    { cerca: 'rossi aa' },
    { cerca: 'nessunosichiamacosi' },
    { classe: '3A' },
    { classe: '3A', pagina: '20' },
    { classe: '9Z' },
    { dieta: 'STD' },
    { dieta: 'D01', ordina: ['scuola', 'classe', 'nome'] },
    { dieta: 'D99' },
    { fascia: 'intero' },
    { fascia: 'F1' },
    { fascia: 'F1', pagina: '20' },
    { codice: 'senza' },
    ...ORDERS.map((ordina) => ({ scuola: schoolId, ordina })),
  ],
  famiglie: [
    {},
    { pagina: '20' },
    { ordina: '-famiglia' },
    { cerca: 'ro' },
    { cerca: 'rossi' },
    { cerca: 'rossi', pagina: '20' },
    { cerca: 'rossi aa' },
    { cerca: 'nessunosichiamacosi' },
    { cerca: 'rossi', saldo: 'sotto-zero' },
    { cerca: '33312' },
    { cerca: '1234567' },
    { cerca: '39312' },
    { saldo: 'sotto-zero', ordina: 'saldo' },
    { iscritti: 'si' },
    { iscritti: 'si', pagina: '20' },
    { iscritti: 'no' },
  ],
})

/** The pages of the office that list people or things, each with the filters and orders that people use and the worst that there are. */
const ASKED = ({
  schoolId,
  classId,
  serviceId,
  communicationId,
}: Places): Record<string, readonly Asked[]> => ({
  ...PEOPLE(schoolId),
  [`comunicazioni/${communicationId}/destinatari`]: [
    {},
    { pagina: '20' },
    { cerca: 'rossi' },
    { cerca: 'marta rossi aa' },
    { stato: 'letta' },
    { stato: 'non-letta', pagina: '20' },
    { stato: 'confermata' },
    { email: 'no' },
  ],
  'moduli/domande': [
    {},
    { stato: '' },
    { pagina: '100' },
    { ordina: 'nome' },
    { cerca: 'rossi' },
    { manca: 'documents' },
    { scuola: schoolId },
  ],
  colleghi: [{}, { pagina: '20' }, { cerca: 'rossi' }, { ruolo: 'teacher', ordina: '-dal' }],
  invii: [{}, { pagina: '20' }, { cerca: 'comunicazione' }, { stato: 'non-arrivati' }],
  denaro: [{}, { quando: 'questo mese' }, { cerca: 'rossi' }, { cerca: '54,00', ordina: '-importo' }],
  rimborsi: [{}, { ordina: '-saldo' }, { stato: 'decisi', ordina: 'famiglia' }],
  registro: [{}, { testo: 'rossi aa' }, { letture: 'si' }],
  comunicazioni: [{}, { testo: 'prova' }, { pagina: '5' }],
  importa: [{}],
  diete: [{}],
  pagamenti: [{}],
  'moduli/collegamenti': [{}],
  'tariffe/refezione/alunni': [{}, { cerca: 'rossi' }, { classe: '3A' }, { fascia: 'F1' }],
  'famiglie/doppi': [{}],
  'famiglie/classi': [{}, { classe: classId, servizio: serviceId }],
  'moduli/posti': [{}],
  'impostazioni/scuole': [{}],
  conteggi: [{}],
  oggi: [{}],
})

const queryOf = (asked: Asked): string =>
  new URLSearchParams(
    Object.entries(asked).flatMap(([key, value]) => [value].flat().map((each) => [key, each])),
  ).toString()

/** Every page that is measured. */
export const officePages = (places: Places): OfficePage[] =>
  Object.entries(ASKED(places)).flatMap(([list, asked]) =>
    asked.map((each) => ({ list, query: queryOf(each) })),
  )

/** Those of some addresses that hold one of the words; all where no word is given. */
export const holdingOne = <T>(
  asked: readonly T[],
  words: readonly string[],
  addressOf: (one: T) => string,
): T[] => asked.filter((one) => words.length === 0 || words.some((word) => addressOf(one).includes(word)))

/** What people type into the search of the bar. */
export const SEARCHES = [
  'rossi',
  'an',
  'rossi aa',
  'marta rossi',
  '3331234',
  'nessuno',
  '3a plesso',
  'CRC/2026/100',
]

/** The lists whose files are taken. */
export const filesOf = ({ communicationId }: Places): string[] => [
  'alunni/file/csv',
  'alunni/file/xlsx',
  'famiglie/file/csv',
  `comunicazioni/${communicationId}/destinatari/file/csv`,
]
