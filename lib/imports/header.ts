import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { folded, type SheetRow, type TableSheet } from './sheet.ts'

/** Whose data a column has. `adult1`, `adult2`: the two blocks of a pupil's row; `person1` …: the numbered people of a household. */
export const BLOCKS = [
  'pupil',
  'pupil2',
  'pupil3',
  'adult1',
  'adult2',
  'person1',
  'person2',
  'person3',
  'person4',
  'person5',
  'person6',
] as const
export type PersonBlock = (typeof BLOCKS)[number]

const PERSON_FIELDS = [
  'familyName',
  'givenName',
  'bothNames',
  'fiscalCode',
  'birthDay',
  'email',
  'phone',
  'relation',
] as const
const PLACE_FIELDS = ['school', 'class', 'section'] as const
/** What an earlier portal knows beside the people. */
const MONEY_FIELDS = ['balance', 'debt', 'band', 'bandFrom', 'bandTo'] as const
export type ImportField =
  | (typeof PERSON_FIELDS)[number]
  | (typeof PLACE_FIELDS)[number]
  | (typeof MONEY_FIELDS)[number]
  | 'until'

/** What a column is: `pupil.familyName`, `adult1.phone`; empty for one that is not taken. */
export type Target = `${PersonBlock}.${ImportField}` | ''

/** The fields that each block may have, as the page of the columns offers them. */
export const fieldsOfBlock = (block: PersonBlock): readonly ImportField[] => {
  if (block.startsWith('adult')) return [...PERSON_FIELDS, 'until']
  const own = block.startsWith('person') ? PERSON_FIELDS : PERSON_FIELDS.slice(0, 5)
  return [...own, ...PLACE_FIELDS, ...(block === 'pupil' ? MONEY_FIELDS : [])]
}

export const isTarget = (text: string): text is Target => {
  const [block, field] = text.split('.')
  const known = BLOCKS.find((one) => one === block)
  return text === '' || (known !== undefined && fieldsOfBlock(known).some((one) => one === field))
}

/** Italian names of each field, without case, accents, signs and blanks. */
const NAMES: Readonly<Record<ImportField, readonly string[]>> = {
  familyName: ['cognome', 'cogn'],
  givenName: ['nome', 'nomedibattesimo'],
  bothNames: ['nominativo', 'cognomeenome', 'cognomenome', 'nomeecognome', 'nomecognome', 'iscritto'],
  fiscalCode: ['codicefiscale', 'codfisc', 'codfiscale', 'cf', 'codfis', 'codicefisc', 'cfisc', 'cfiscale'],
  birthDay: [
    ...['datanascita', 'datadinascita', 'natoil', 'natail', 'natoail', 'nascita', 'dtnascita', 'datan'],
    ...['datadinasc', 'datanasc'],
  ],
  email: ['email', 'mail', 'postaelettronica', 'emailprincipale'],
  phone: [
    ...['telefono', 'tel', 'cell', 'cellulare', 'mobile', 'recapito', 'telefonocellulare', 'cellulare1'],
    ...['telefonocasa', 'telefonofisso', 'numerotelefono', 'recapitotelefonico', 'telefono1'],
  ],
  relation: [
    ...['relazione', 'parentela', 'gradodiparentela', 'ruolo', 'tiporapporto', 'qualita', 'inqualitadi'],
    ...['ruolodel', 'titolo', 'tipo'],
  ],
  school: [
    ...['scuola', 'plesso', 'sede', 'istituto', 'unitascolastica', 'scuolafrequenza', 'denominazionescuola'],
    ...['codmecc', 'codicemeccanografico', 'codicescuola', 'codiceplesso', 'unitascolasticadiiscrizione'],
  ],
  class: ['classe', 'cl', 'annodicorso', 'annocorso', 'classefrequentata', 'classesezione', 'clsez'],
  section: ['sezione', 'sez', 'sezioneclasse'],
  balance: [
    ...['saldo', 'saldoiniziale', 'saldoresiduo', 'saldoeuro', 'credito', 'creditoresiduo', 'residuo'],
    ...['disponibilita', 'importo'],
  ],
  debt: ['debito', 'debitoresiduo', 'daversare', 'insoluto', 'arretrato', 'arretrati'],
  band: [
    ...['fascia', 'fasciaisee', 'iseefascia', 'fasciatariffa', 'fasciatariffaria', 'fasciadireddito'],
    ...['tariffa', 'tariffapasto', 'prezzopasto', 'costopasto'],
  ],
  bandFrom: ['fasciadal', 'tariffadal', 'validadal', 'decorrenza', 'iniziofascia', 'dal'],
  bandTo: [
    ...[
      'fasciaal',
      'fasciafinoal',
      'tariffaal',
      'tariffafinoal',
      'validafinoal',
      'scadenzafascia',
      'finefascia',
    ],
    ...['scadenzaisee', 'finoal', 'al'],
  ],
  until: ['delegafinoal', 'scadenzadelega', 'finedelega'],
}
const FIELD_OF_NAME = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.map((name) => [name, field as ImportField])),
)

/** Words that say whose a column is, the longest first: "responsabile1" before "responsabile". */
const WORDS: readonly (readonly [string, PersonBlock])[] = (
  [
    ['secondogenitore', 'adult2'],
    ['primogenitore', 'adult1'],
    ['secondoadulto', 'adult2'],
    ['altroadulto', 'adult2'],
    ['corresponsabile', 'adult2'],
    ['responsabile1', 'adult1'],
    ['responsabile2', 'adult2'],
    ['responsabile', 'adult1'],
    ['intestatario', 'adult1'],
    ['dichiarante', 'adult1'],
    ['richiedente', 'adult1'],
    ['affidatario', 'adult1'],
    ['genitore1', 'adult1'],
    ['genitore2', 'adult2'],
    ['referente', 'adult1'],
    ['pagatore', 'adult1'],
    ['titolare', 'adult1'],
    ['delegato', 'adult2'],
    ['studente', 'pupil'],
    ['genitore', 'adult1'],
    ['pagante', 'adult1'],
    ['bambino3', 'pupil3'],
    ['bambino2', 'pupil2'],
    ['bambino', 'pupil'],
    ['tutore1', 'adult1'],
    ['tutore2', 'adult2'],
    ['figlio1', 'pupil'],
    ['figlio2', 'pupil2'],
    ['figlio3', 'pupil3'],
    ['alunno1', 'pupil'],
    ['alunno2', 'pupil2'],
    ['alunno3', 'pupil3'],
    ['tutore', 'adult1'],
    ['minore', 'pupil'],
    ['utente', 'pupil'],
    ['alunno', 'pupil'],
    ['alunna', 'pupil'],
    ['figlio', 'pupil'],
    ['padre', 'adult1'],
    ['madre', 'adult2'],
    ['mamma', 'adult2'],
    ['papa', 'adult1'],
  ] as const
).toSorted((a, b) => b[0].length - a[0].length)

/** Health, faith and accounts: a list of a canteen has no right to them. */
const NEVER = /religio|^bes|notebes|dsa|legge104|^104|allergi|notemediche|username|password|^pin$|foto/
/** What a family earns is not ours to have; which fare follows from it is. */
const INCOME = /isee/
const OF_FARE = /fascia|scadenza/

/** Whether a column may never be taken: the page says so beside its name. */
export function isForbidden(header: string): boolean {
  const name = folded(header)
  return NEVER.test(name) || (INCOME.test(name) && !OF_FARE.test(name))
}

const PREPOSITION = /^(?:della|dell|del|di)|(?:della|dell|del|di)$/

/** "Saldo al 31/08/2026" */
const BALANCE_ON = /^(?:saldo|credito)al\d{6,8}$/

function targetOf(header: string): Target {
  const name = folded(header)
  if (name === '' || isForbidden(header)) return ''
  if (BALANCE_ON.test(name)) return 'pupil.balance'
  const plain = FIELD_OF_NAME.get(name)
  if (plain === 'until') return 'adult2.until'
  if (plain && fieldsOfBlock('pupil').includes(plain)) return `pupil.${plain}`
  const [word, block] = WORDS.find(([one]) => name.includes(one)) ?? []
  if (word && block) {
    const rest = name.replace(word, '')
    const field =
      rest === ''
        ? 'bothNames'
        : (FIELD_OF_NAME.get(rest) ?? FIELD_OF_NAME.get(rest.replace(PREPOSITION, '')))
    // "Saldo pagante": whose row it is, the office says once for the file.
    if (field === 'balance' || field === 'debt') return `pupil.${field}`
    return field && fieldsOfBlock(block).includes(field) ? `${block}.${field}` : ''
  }
  const [, base = '', digit] = /^(.*?)([1-6])$/.exec(name) ?? []
  const numbered = FIELD_OF_NAME.get(base)
  if (numbered && digit && fieldsOfBlock(`person${digit}` as PersonBlock).includes(numbered))
    return `person${digit as '1'}.${numbered}`
  // A telephone or a mail without an owner is the first adult's.
  return plain ? `adult1.${plain}` : ''
}

/** "Dal" and "al" are a fare's days beside a fare alone. */
const needsFare = (target: Target): boolean => target === 'pupil.bandFrom' || target === 'pupil.bandTo'

/** What each column seems to be. The second column of the same name is left to the person. */
export function proposeTargets(headers: readonly string[]): Target[] {
  const taken = new Set<Target>()
  const targets = headers.map(targetOf)
  const hasFare = targets.includes('pupil.band')
  return targets.map((target) => {
    if (target === '' || taken.has(target) || (needsFare(target) && !hasFare)) return ''
    taken.add(target)
    return target
  })
}

/** The rows among which the names of the columns are looked for. */
const LOOKED_AT = 40

/** The line of the file with the names of the columns: the one that has most of those that we know. Null where none has two. */
export function headerLine({ rows }: TableSheet): number | null {
  const scored = rows
    .slice(0, LOOKED_AT)
    .map(({ line, cells }) => ({ line, known: proposeTargets(cells).filter(Boolean).length }))
    .toSorted((a, b) => b.known - a.known || a.line - b.line)
  const [best] = scored
  return best && best.known >= 2 ? best.line : null
}

export const rowAt = ({ rows }: TableSheet, line: number): SheetRow | undefined =>
  rows.find((row) => row.line === line)

/** The same set of column names in any order: by it a mapping is remembered. */
export const headerSet = (headers: readonly string[]): string =>
  fingerprintOf(headers.map(folded).filter(Boolean).toSorted())
