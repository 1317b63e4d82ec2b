import {
  birthAgrees,
  birthFromFiscalCode,
  codeMismatches,
  type FiscalCode,
  isAdult,
  parseFiscalCode,
} from '#lib/identity/fiscal-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused, refusedField, refusedFields } from '#lib/kernel/result.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay, timeInRome } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { listInWords } from '#lib/words/list.ts'

/** For how many days the office can undo a change of holder. */
export const UNDO_DAYS = 14

/** Who becomes the holder, as the office typed it. */
export type AskedHolder = {
  fiscalCode: string
  givenName: string
  familyName: string
  birthDay: Day | null
  email: string | null
  /** Whether the earlier holder stays as delegate. */
  keepAsDelegate: boolean
}

/** What was typed, which the form shows again beside the preview. */
export type TypedHandOver = AskedHolder & { reason: string }
export type TypedUndo = { undoReason: string }

/** A person of the municipality whose code was typed. `holds`: the other families for which they pay. */
export type KnownAdult = {
  id: string
  givenName: string
  familyName: string
  birthDay: Day | null
  holds: string[]
}

/** The money of a household that a change of holder leaves where it is. */
export type MoneyLeft = {
  balances: { serviceName: string; balanceCents: Cents }[]
  openTopUps: { payerName: string; amountCents: Cents; createdAt: string }[]
}

/** What a change of holder, or its undoing, would do. `after`: the role of the holder who stood then, empty for none. */
export type HandOverPreview = { lines: string[]; seen: string; after: string }

/** What a press of the form answers: what would happen, with what was typed, or who is the holder now. */
export type HandOverAnswer<Typed> = { preview?: HandOverPreview & { typed: Typed }; holder?: string }

/** What a change of holder touches. */
export type HandOverFacts = MoneyLeft & {
  today: Day
  holder: {
    memberId: string
    personId: string
    name: string
    givenBy: string | null
    giverName: string | null
  } | null
  known: KnownAdult | null
  /** The typed code is a pupil's. */
  isPupil: boolean
  /** Delegates who stay. */
  delegates: string[]
  /** Invitations without an answer, which fall. */
  invitations: number
}

const MARKS_AND_SIGNS = /[^\p{L}]/gu
const folded = (name: string): string => name.normalize('NFD').toLowerCase().replace(MARKS_AND_SIGNS, '')

/** Whether a typed name is the registered one, or its first words: many people leave out their second names. */
export function isSameName(typed: string, registered: string): boolean {
  const words = registered.trim().split(/\s+/)
  return words.some((_, last) => folded(words.slice(0, last + 1).join('')) === folded(typed))
}

/** May this person become the holder? */
export function judgeHandOver(asked: AskedHolder, facts: HandOverFacts): Result<null> {
  const judged = judgeAdult(asked, facts)
  if (!judged.ok) return judged
  const { known, holder } = facts
  if (known && known.id === holder?.personId) return refused('households:already-holder')
  return judged
}

/** An adult as the office typed them. */
export type AskedAdult = Pick<AskedHolder, 'fiscalCode' | 'givenName' | 'familyName' | 'birthDay'>

/** May this person answer for a household? The code, the names and the birth day must be of one adult. */
export function judgeAdult(
  asked: AskedAdult,
  facts: Pick<HandOverFacts, 'known' | 'isPupil' | 'today'>,
): Result<null> {
  const { known, today } = facts
  const code = parseFiscalCode(asked.fiscalCode) as FiscalCode
  const disagreement = known ? knownOtherwise(asked, known) : codeDisagrees(code, asked)
  if (disagreement) return disagreement
  if (facts.isPupil) return refusedField('fiscalCode', 'households:is-pupil')
  const born = known?.birthDay ?? asked.birthDay ?? birthFromFiscalCode(code, today)?.birthDay
  if (!born) return refusedField('birthDay', 'households:birth-needed')
  if (asked.birthDay && (asked.birthDay !== born || !birthAgrees(code, born)))
    return refusedField('birthDay', 'households:birth-disagrees')
  if (!isAdult(born, today)) return refusedField('fiscalCode', 'households:minor', { born })
  return ok(null)
}

/** The code is of a known person, who has another name than the typed one. */
function knownOtherwise(asked: AskedAdult, known: KnownAdult) {
  const field = (['familyName', 'givenName'] as const).find((name) => !isSameName(asked[name], known[name]))
  if (!field) return null
  const name = `${known.givenName} ${known.familyName}`
  return known.holds.length > 0
    ? refusedField(field, 'households:code-of-holder', { name, families: known.holds })
    : refusedField(field, 'households:code-of-known', { name })
}

/** The letters or the birth day of the code are not those of the typed person. */
export function codeDisagrees(code: FiscalCode, asked: AskedAdult) {
  const sentences = {
    familyName: 'households:family-name-disagrees',
    givenName: 'households:given-name-disagrees',
    birthDay: 'households:birth-disagrees',
  } as const
  const wrong = codeMismatches(code, asked)
  if (wrong.length === 0) return null
  return refusedFields(
    refused('households:code-disagrees'),
    Object.fromEntries(wrong.map((field) => [field, sentences[field]])),
  )
}

/** The name of the new holder: a known person is named as registered. */
export const nameOfNew = (asked: AskedAdult, known: KnownAdult | null): string =>
  known ? `${known.givenName} ${known.familyName}` : `${asked.givenName} ${asked.familyName}`

/** What a change of holder does, a sentence a line, for the office. */
export function handOverInWords(asked: AskedHolder, facts: HandOverFacts): string[] {
  const { known, holder, delegates, invitations, today } = facts
  const name = nameOfNew(asked, known)
  return [
    `Da adesso paga ${name}${birthInWords(asked, today)}. Vede il saldo, e i movimenti da oggi in poi.`,
    known
      ? `${name} è già nell’anagrafe: nome e recapiti restano quelli.`
      : `${name} non è ancora nell’anagrafe: entra con SPID o CIE di quel codice fiscale.`,
    ...(known && known.holds.length > 0
      ? [`${name} paga già per ${family(known.holds)}: le due famiglie restano divise.`]
      : []),
    ...(holder ? leavesInWords(holder.name, asked.keepAsDelegate) : ['Prima non pagava nessuno.']),
    dated`Le ricariche pagate dal ${numericDay(today)} in poi hanno la fattura intestata a chi le paga, cioè ${name}.`,
    ...moneyInWords(facts),
    ...(delegates.length > 0 ? [`Come delegati restano: ${listInWords(delegates, 'it')}.`] : []),
    ...(invitations > 0 ? [`Gli inviti a una delega senza risposta sono ritirati: ${invitations}.`] : []),
    holder ? `${holder.name} e ${name} ricevono un messaggio.` : `${name} riceve un messaggio.`,
  ]
}

/** ", nata il 12/04/1986"; empty where neither the code nor the office says it. */
export function birthInWords({ fiscalCode, birthDay }: AskedAdult, today: Day): string {
  const read = birthFromFiscalCode(parseFiscalCode(fiscalCode) as FiscalCode, today)
  if (read) return dated`, ${read.sex === 'F' ? 'nata' : 'nato'} il ${numericDay(birthDay ?? read.birthDay)}`
  return birthDay ? `, data di nascita ${numericDay(birthDay)}` : ''
}

const family = (names: readonly string[]): string =>
  names.length === 1 ? `la famiglia ${names[0]}` : `le famiglie ${listInWords([...names], 'it')}`

const leavesInWords = (name: string, staysAsDelegate: boolean): string[] => [
  `${name} non paga più e non vede più saldo e movimenti. Le ricariche e le fatture fatte finora restano sue.`,
  staysAsDelegate
    ? `${name} resta come delegato: vede il calendario e disdice i pasti.`
    : `${name} non vede più gli alunni e non disdice più i pasti.`,
]

function moneyInWords({ balances, openTopUps }: MoneyLeft): string[] {
  return [
    ...balances.map(
      ({ serviceName, balanceCents }) =>
        `Il saldo di ${serviceName}, ${formatEuro(balanceCents, 'it')}, resta alla famiglia.`,
    ),
    ...openTopUps.map(
      ({ payerName, amountCents, createdAt }) =>
        `C’è una ricarica in corso di ${payerName}, ${formatEuro(amountCents, 'it')}, cominciata alle ${timeInRome(new Date(createdAt), 'it')}: se è pagata va sul saldo della famiglia, e la fattura è di ${payerName}.`,
    ),
  ]
}

/** A change of holder that can be undone. */
export type UndoFacts = MoneyLeft & {
  memberId: string
  name: string
  personId: string
  beforeName: string
  beforePersonId: string
  /** The present holder was a delegate before the change. */
  wasDelegate: boolean
  /** The days for undoing are not over. */
  isInTime: boolean
}

/** What undoing a change of holder does, a sentence a line, for the office. */
export const undoInWords = (facts: UndoFacts): string[] => [
  `Torna a pagare ${facts.beforeName}: riceve le fatture e vede saldo e movimenti, anche quelli dopo il cambio.`,
  ...leavesInWords(facts.name, facts.wasDelegate),
  ...moneyInWords(facts),
  'Gli inviti a una delega ritirati con il cambio non tornano: se servono, si rifanno.',
  `${facts.beforeName} e ${facts.name} ricevono un messaggio.`,
]
