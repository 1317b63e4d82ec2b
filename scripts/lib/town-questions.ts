import type * as z from 'zod'
import { checkAnswer, SECTIONS } from '#db/town/town-file.ts'
import type { Day } from '#lib/kernel/day.ts'
import { slugOf } from '#lib/kernel/slug.ts'
import { proposedClosures, proposedYear, schoolYearFor } from './town-example.ts'

export type Ask = (question: string) => Promise<string>
type Say = (words: string) => void

type Question = { field: string; words: string; proposal?: string }
type Answers = Record<string, unknown>

/** Asks until the answer is one; an empty one takes the proposal. */
async function answerTo(
  ask: Ask,
  say: Say,
  field: z.ZodType,
  { words, proposal }: Question,
): Promise<string> {
  for (;;) {
    const typed =
      (await ask(`  ${words}${proposal === undefined ? '' : ` [${proposal}]`}: `)) || (proposal ?? '')
    const problem = checkAnswer(field, typed)
    if (problem === null) return typed
    say(`    ${problem}`)
  }
}

async function answersTo(
  ask: Ask,
  say: Say,
  section: z.ZodObject,
  questions: readonly Question[],
): Promise<Answers> {
  const answers: Answers = {}
  for (const question of questions)
    answers[question.field] = await answerTo(ask, say, section.shape[question.field] as z.ZodType, question)
  return answers
}

const TOWN: readonly Question[] = [
  { field: 'provincia', words: 'Sigla della provincia' },
  { field: 'regione', words: 'Regione', proposal: 'Veneto' },
  { field: 'codice_fiscale', words: 'Codice fiscale del Comune' },
  { field: 'via', words: 'Via e numero del municipio' },
  { field: 'cap', words: 'CAP' },
  { field: 'email', words: 'E-mail dell’ufficio scuola' },
  { field: 'pec', words: 'PEC' },
  { field: 'telefono', words: 'Telefono' },
  { field: 'serie_fatture', words: 'Serie delle fatture, tre lettere' },
]

async function askTown(ask: Ask, say: Say): Promise<Answers> {
  const named = await answersTo(ask, say, SECTIONS.comune, [{ field: 'nome', words: 'Nome del Comune' }])
  const slug = {
    field: 'indirizzo_nel_portale',
    words: 'Indirizzo nel portale',
    proposal: slugOf(String(named.nome)),
  }
  const rest = await answersTo(ask, say, SECTIONS.comune, [slug, ...TOWN])
  return { ...named, ...rest, patrono: await askPatron(ask, say) }
}

async function askPatron(ask: Ask, say: Say): Promise<object | null> {
  for (;;) {
    const giorno = await ask('  Giorno del patrono, gg/mm (vuoto se non ferma la scuola): ')
    if (!giorno) return null
    const patron = { nome: await ask('  Nome del patrono: '), giorno }
    const problem = checkAnswer(SECTIONS.comune.shape.patrono, patron)
    if (problem === null) return patron
    say(`    ${problem}`)
  }
}

const OPERATOR: readonly Question[] = [
  { field: 'nome', words: 'Nome del gestore' },
  { field: 'partita_iva', words: 'Partita IVA' },
  { field: 'codice_fiscale', words: 'Codice fiscale' },
  { field: 'via', words: 'Via e numero' },
  { field: 'cap', words: 'CAP' },
  { field: 'citta', words: 'Città' },
  { field: 'provincia', words: 'Sigla della provincia' },
  { field: 'email', words: 'E-mail' },
  { field: 'telefono', words: 'Telefono' },
]

const MANAGER: readonly Question[] = [
  { field: 'nome', words: 'Nome' },
  { field: 'cognome', words: 'Cognome' },
  { field: 'codice_fiscale', words: 'Codice fiscale' },
  { field: 'email', words: 'E-mail' },
]

const SERVICE: readonly Question[] = [
  { field: 'codice', words: 'Codice, lettere minuscole', proposal: 'refezione' },
  { field: 'nome', words: 'Nome', proposal: 'Refezione Scolastica' },
  { field: 'prezzo', words: 'Prezzo intero in euro, per esempio 5,40' },
  { field: 'giorni', words: 'Giorni', proposal: 'lun mar mer gio ven' },
  { field: 'disdetta_entro_le', words: 'Si disdice entro le', proposal: '09:30' },
  { field: 'giorni_prima', words: 'Di quanti giorni prima (0: il giorno stesso)', proposal: '0' },
]

const SCHOOL: readonly Question[] = [
  { field: 'nome', words: 'Nome della scuola' },
  { field: 'tipo', words: 'Tipo: infanzia, primaria o secondaria' },
  { field: 'via', words: 'Via e numero' },
  { field: 'codice_meccanografico', words: 'Codice meccanografico (facoltativo)', proposal: '' },
  { field: 'classi', words: 'Classi, separate da virgole: 1A, 1B, 2A' },
]

/** Asks for one after the other until there is no more. */
async function askSeveral(
  ask: Ask,
  say: Say,
  section: z.ZodObject,
  { title, questions, another }: { title: string; questions: readonly Question[]; another: string },
): Promise<Answers[]> {
  const all: Answers[] = []
  do {
    say(title)
    all.push(await answersTo(ask, say, section, questions))
  } while (/^s/i.test(await ask(`${another} (sì/no) `)))
  return all
}

/** The whole municipality, as its file has it, from a person who answers. */
export async function askForTown(ask: Ask, say: Say, today: Day): Promise<object> {
  const year = schoolYearFor(today)
  const proposed = proposedYear(year)
  say('Il Comune')
  const comune = await askTown(ask, say)
  say('Il gestore della mensa')
  const gestore = await answersTo(ask, say, SECTIONS.gestore, OPERATOR)
  say('La prima persona dell’ufficio, che entra con SPID o CIE')
  const responsabile = await answersTo(ask, say, SECTIONS.responsabile, MANAGER)
  say('L’anno scolastico')
  const anno_scolastico = await answersTo(ask, say, SECTIONS.anno_scolastico, [
    { field: 'dal', words: 'Comincia', proposal: proposed.dal },
    { field: 'al', words: 'Finisce', proposal: proposed.al },
    { field: 'mensa_dal', words: 'La mensa comincia', proposal: proposed.mensa_dal },
    { field: 'mensa_al', words: 'La mensa finisce', proposal: proposed.mensa_al },
  ])
  const chiusure = proposedClosures(String(comune.regione), year)
  say(
    chiusure.length > 0
      ? `  Chiusure della Regione, di solito: ${chiusure.map(({ dal, al }) => (dal === al ? dal : `${dal}-${al}`)).join(', ')}. Confrontale con la delibera: si cambiano in Impostazioni, Anni scolastici.`
      : '  Di questa Regione non conosco le chiusure: si scrivono in Impostazioni, Anni scolastici.',
  )
  return {
    comune,
    gestore,
    responsabile,
    anno_scolastico,
    chiusure,
    servizi: await askSeveral(ask, say, SECTIONS.servizio, {
      title: 'Un servizio',
      questions: SERVICE,
      another: 'Un altro servizio?',
    }),
    scuole: await askSeveral(ask, say, SECTIONS.scuola, {
      title: 'Una scuola',
      questions: SCHOOL,
      another: 'Un’altra scuola?',
    }),
    famiglie_dal: null,
  }
}
