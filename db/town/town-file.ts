import * as z from 'zod'
import { isMunicipalitySlug } from '#lib/access/return-path.ts'
import { codeMismatches, parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { parseEuro } from '#lib/kernel/money.ts'
import { slugOf } from '#lib/kernel/slug.ts'
import {
  classesText,
  daysBeforeText,
  mechanographicText,
  schoolKind,
  timeText,
  weekdaysText,
  yearlyDayText,
} from '#lib/school/office/structure.input.ts'
import type { NamedPerson, TownPlan } from './make-town.ts'

/**
 * What a person writes to make a municipality, in Italian: the file of `npm run town:create -- --file`, and the answers in the
 * terminal. A key `//` is a note and is not read. A key that is not known is a typing error, and is said.
 */
const line = (max: number, missing: string) =>
  z.string(missing).trim().min(1, missing).max(max, `Al massimo ${max} caratteri`)

const day = (missing: string) =>
  z.string(missing).transform((text, context): Day => {
    const [, date, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim()) ?? []
    const read = parseDay(year ? `${year}-${month?.padStart(2, '0')}-${date?.padStart(2, '0')}` : text.trim())
    if (read) return read
    context.addIssue({ code: 'custom', message: `${missing}: gg/mm/aaaa` })
    return z.NEVER
  })

const postcode = z
  .string('Scrivi il CAP')
  .trim()
  .regex(/^\d{5}$/, 'Il CAP ha cinque cifre')
const province = z
  .string('Scrivi la sigla della provincia')
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, 'La sigla della provincia ha due lettere, per esempio VR')
const email = (missing: string) =>
  z
    .string(missing)
    .trim()
    .pipe(z.email(`${missing}, per esempio scuola@comune.it`).max(120))
const phone = line(40, 'Scrivi il telefono')

/** Eleven digits of a body or a company: their last one checks the others. */
const bodyCode = (words: string) =>
  z
    .string(words)
    .trim()
    .refine((text) => /^\d{11}$/.test(text) && parseFiscalCode(text) !== null, {
      error: `${words}: undici cifre, l’ultima controlla le altre`,
    })

const personCode = z.string('Scrivi il codice fiscale').transform((text, context) => {
  const code = parseFiscalCode(text)
  if (code) return code.code
  context.addIssue({ code: 'custom', message: 'Il codice fiscale non è giusto: controlla ogni lettera' })
  return z.NEVER
})

const patron = z
  .strictObject({
    '//': z.unknown().optional(),
    nome: line(80, 'Scrivi il nome del patrono'),
    giorno: yearlyDayText,
  })
  .nullable()

const note = { '//': z.unknown().optional() }

const comune = z.strictObject({
  ...note,
  nome: line(80, 'Scrivi il nome del Comune'),
  indirizzo_nel_portale: z
    .string()
    .trim()
    .refine(isMunicipalitySlug, {
      error: 'Solo lettere minuscole, cifre e trattini, per esempio borgo-lieve',
    })
    .optional(),
  provincia: province,
  regione: line(40, 'Scrivi la regione'),
  codice_fiscale: bodyCode('Scrivi il codice fiscale del Comune'),
  via: line(120, 'Scrivi la via e il numero del municipio'),
  cap: postcode,
  email: email('Scrivi l’e-mail dell’ufficio scuola'),
  pec: email('Scrivi la PEC del Comune'),
  telefono: phone,
  serie_fatture: z
    .string('Scrivi la serie delle fatture')
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/, 'La serie delle fatture ha tre lettere, per esempio BRG'),
  patrono: patron,
})

const gestore = z.strictObject({
  ...note,
  nome: line(80, 'Scrivi il nome del gestore'),
  partita_iva: bodyCode('Scrivi la partita IVA del gestore'),
  codice_fiscale: bodyCode('Scrivi il codice fiscale del gestore'),
  via: line(120, 'Scrivi la via e il numero del gestore'),
  cap: postcode,
  citta: line(60, 'Scrivi la città del gestore'),
  provincia: province,
  email: email('Scrivi l’e-mail del gestore'),
  telefono: phone,
})

const unlike = <T>(items: readonly T[], nameOf: (item: T) => string) =>
  new Set(items.map((item) => nameOf(item).toLowerCase())).size === items.length

/** Who enters with SPID or CIE: the first manager, and the people of a kitchen. */
const responsabile = z.strictObject({
  ...note,
  nome: line(80, 'Scrivi il nome di chi entra'),
  cognome: line(80, 'Scrivi il cognome di chi entra'),
  codice_fiscale: personCode,
  email: email('Scrivi l’e-mail di chi entra'),
})

const anno = z.strictObject({
  ...note,
  dal: day('Scrivi il primo giorno dell’anno scolastico'),
  al: day('Scrivi l’ultimo giorno dell’anno scolastico'),
  mensa_dal: day('Scrivi il primo giorno di servizio'),
  mensa_al: day('Scrivi l’ultimo giorno di servizio'),
})

const chiusura = z.strictObject({
  ...note,
  dal: day('Scrivi il primo giorno della chiusura'),
  al: day('Scrivi l’ultimo giorno della chiusura'),
  motivo: line(200, 'Scrivi il motivo della chiusura'),
})

const servizio = z.strictObject({
  ...note,
  codice: z
    .string('Scrivi il codice del servizio')
    .trim()
    .regex(
      /^[a-z]+(-[a-z]+)*$/,
      'Il codice del servizio ha solo lettere minuscole e trattini, per esempio refezione',
    ),
  nome: line(60, 'Scrivi il nome del servizio'),
  prezzo: z.string('Scrivi il prezzo, per esempio 5,40').transform((text, context) => {
    const cents = parseEuro(text)
    if (cents !== null && cents >= 1 && cents <= 10_000) return cents
    context.addIssue({ code: 'custom', message: 'Il prezzo va da 0,01 a 100 euro, per esempio 5,40' })
    return z.NEVER
  }),
  giorni: weekdaysText,
  disdetta_entro_le: timeText,
  giorni_prima: daysBeforeText,
})

const scuola = z.strictObject({
  ...note,
  nome: line(80, 'Scrivi il nome della scuola'),
  tipo: schoolKind,
  via: line(120, 'Scrivi la via e il numero della scuola'),
  codice_meccanografico: mechanographicText.default(''),
  giorni: weekdaysText.optional(),
  classi: classesText,
})

const cucina = z.strictObject({
  ...note,
  nome: line(80, 'Scrivi il nome della cucina'),
  email: z
    .array(email('Scrivi l’e-mail a cui va il conteggio'), 'Scrivi le e-mail della cucina: anche nessuna, []')
    .max(5, 'Al massimo 5 indirizzi')
    .default([]),
  telefono: z.string().trim().max(40, 'Al massimo 40 caratteri').default(''),
  scuole: z.array(z.string().trim(), 'Scrivi i nomi delle scuole che serve'),
  persone: z
    .array(responsabile, 'Scrivi chi entra per la cucina: anche nessuno, []')
    .refine((all) => unlike(all, ({ codice_fiscale }) => codice_fiscale), {
      error: 'La stessa persona c’è due volte',
    })
    .default([]),
})

const LONGEST_YEAR_DAYS = 400

/** Parts of the file, which the terminal asks one after the other. */
export const SECTIONS = { comune, gestore, responsabile, anno_scolastico: anno, servizio, scuola }

const townFile = z
  .strictObject({
    ...note,
    '// chiusure': z.unknown().optional(),
    '// famiglie_dal': z.unknown().optional(),
    comune,
    gestore,
    responsabile,
    anno_scolastico: anno,
    chiusure: z.array(chiusura, 'Scrivi le chiusure: anche nessuna, []'),
    servizi: z
      .array(servizio, 'Scrivi almeno un servizio')
      .min(1, 'Scrivi almeno un servizio')
      .refine((all) => unlike(all, ({ codice }) => codice), { error: 'Due servizi hanno lo stesso codice' }),
    scuole: z
      .array(scuola, 'Scrivi almeno una scuola')
      .min(1, 'Scrivi almeno una scuola')
      .refine((all) => unlike(all, ({ nome }) => nome), { error: 'Due scuole hanno lo stesso nome' }),
    '// cucine': z.unknown().optional(),
    cucine: z
      .array(cucina)
      .default([])
      .refine((all) => unlike(all, ({ nome }) => nome), { error: 'Due cucine hanno lo stesso nome' })
      .refine(
        (all) =>
          unlike(
            all.flatMap(({ scuole }) => scuole),
            (nome) => nome,
          ),
        {
          error: 'Una scuola è servita da una cucina sola',
        },
      ),
    famiglie_dal: day('Scrivi da quando entrano le famiglie').nullable().default(null),
  })
  .superRefine(({ anno_scolastico: year, chiusure, responsabile: first, cucine, scuole }, context) => {
    const say = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    if (year.al <= year.dal) say(['anno_scolastico', 'al'], 'L’anno finisce prima di cominciare')
    else if (year.al > addDays(year.dal, LONGEST_YEAR_DAYS))
      say(['anno_scolastico', 'al'], 'Un anno scolastico non dura più di tredici mesi')
    if (year.mensa_dal < year.dal || year.mensa_al > year.al || year.mensa_al < year.mensa_dal)
      say(['anno_scolastico', 'mensa_al'], 'Il servizio comincia e finisce dentro l’anno scolastico')
    chiusure.forEach(({ dal, al }, n) => {
      if (al < dal) say(['chiusure', n, 'al'], 'La chiusura finisce prima di cominciare')
      else if (dal < year.dal || al > year.al)
        say(['chiusure', n, 'dal'], 'La chiusura è fuori dall’anno scolastico')
    })
    cucine.forEach((kitchen, n) => {
      const unknown = kitchen.scuole.filter((nome) => !scuole.some((school) => school.nome === nome))
      if (unknown.length > 0)
        say(['cucine', n, 'scuole'], `Non c’è una scuola con questo nome: ${unknown.join(', ')}`)
    })
    const people = [
      { path: ['responsabile'], person: first },
      ...cucine.flatMap(({ persone }, n) =>
        persone.map((person, m) => ({ path: ['cucine', n, 'persone', m], person })),
      ),
    ]
    for (const { path, person } of people)
      if (isOfAnother(person))
        say([...path, 'codice_fiscale'], 'Il codice fiscale è di un’altra persona: non va con nome e cognome')
  })

type WrittenPerson = z.output<typeof responsabile>

function isOfAnother({ codice_fiscale, nome: givenName, cognome: familyName }: WrittenPerson): boolean {
  const code = parseFiscalCode(codice_fiscale)
  return code !== null && codeMismatches(code, { familyName, givenName }).length > 0
}

/** What of a file is wrong: where, and in words. */
export type FileProblem = { place: string; words: string }

/** What zod says by itself: a part that is missing, and a key that it does not know. */
const inItalian = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.code === 'unrecognized_keys')
    return `Non conosco ${(issue.keys ?? []).join(', ')}: è scritto giusto?`
  if (issue.code === 'invalid_type') return 'Manca, o non è scritto come nell’esempio'
  return undefined
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `${part + 1}` : String(part))).join('.')

/** One answer in the terminal: what it means, or what is wrong with it. */
export function checkAnswer(field: z.ZodType, answer: unknown): string | null {
  const read = field.safeParse(answer, { error: inItalian })
  return read.success ? null : (read.error.issues[0]?.message ?? 'Non va bene')
}

/** Reads what a person wrote: the plan of a municipality and its first manager, or everything that is wrong. */
export function readTown(
  written: unknown,
): { plan: TownPlan; manager: NamedPerson } | { problems: FileProblem[] } {
  const read = townFile.safeParse(written, { error: inItalian })
  if (!read.success)
    return {
      problems: read.error.issues.map(({ path, message }) => ({ place: placeOf(path), words: message })),
    }
  return { plan: planOf(read.data), manager: personOf(read.data.responsabile) }
}

const personOf = ({ nome, cognome, codice_fiscale, email: address }: WrittenPerson): NamedPerson => ({
  givenName: nome,
  familyName: cognome,
  fiscalCode: codice_fiscale,
  email: address,
})

/** Before a kitchen has its own codes there is the diet that everybody eats. */
const FIRST_DIETS = [{ code: 'STD', name: 'Dieta comune' }]

function planOf({
  comune: here,
  gestore: runs,
  anno_scolastico: year,
  ...rest
}: z.output<typeof townFile>): TownPlan {
  return {
    municipality: {
      slug: here.indirizzo_nel_portale ?? slugOf(here.nome),
      name: here.nome,
      province: here.provincia,
      region: here.regione,
      fiscalCode: here.codice_fiscale,
      street: here.via,
      postcode: here.cap,
      email: here.email,
      pec: here.pec,
      phone: here.telefono,
      invoiceSeries: here.serie_fatture,
      patron: here.patrono && { name: here.patrono.nome, day: here.patrono.giorno },
      opensOn: rest.famiglie_dal,
    },
    operator: {
      name: runs.nome,
      vatNumber: runs.partita_iva,
      fiscalCode: runs.codice_fiscale,
      street: runs.via,
      postcode: runs.cap,
      city: runs.citta,
      province: runs.provincia,
      email: runs.email,
      phone: runs.telefono,
    },
    year: {
      name: nameOfYear(year.dal),
      startsOn: year.dal,
      endsOn: year.al,
      serviceFrom: year.mensa_dal,
      serviceTo: year.mensa_al,
    },
    closures: rest.chiusure.map(({ dal: from, al: to, motivo: reason }) => ({ from, to, reason })),
    services: rest.servizi.map((service) => ({
      code: service.codice,
      name: service.nome,
      priceCents: service.prezzo,
      weekdays: service.giorni,
      cutoffTime: service.disdetta_entro_le,
      cutoffDaysBefore: service.giorni_prima,
    })),
    schools: rest.scuole.map((school) => ({
      name: school.nome,
      kind: school.tipo,
      street: school.via,
      mechanographicCode: school.codice_meccanografico || null,
      classes: school.classi,
      weekdays: school.giorni ?? null,
    })),
    kitchens: rest.cucine.map((kitchen) => ({
      name: kitchen.nome,
      emails: kitchen.email,
      phone: kitchen.telefono,
      schools: kitchen.scuole,
      people: kitchen.persone.map(personOf),
    })),
    diets: FIRST_DIETS,
  }
}

const nameOfYear = (startsOn: Day): string => {
  const year = Number(startsOn.slice(0, 4))
  return `${year}/${year + 1}`
}
