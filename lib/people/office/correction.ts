import {
  birthFromFiscalCode,
  codeMismatches,
  differByOmocodia,
  type FiscalCode,
  isAdult,
  parseFiscalCode,
} from '#lib/identity/fiscal-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { numericDay } from '#lib/words/format-day.ts'

/** What the register says of an adult or of a pupil. */
export type Registered = {
  givenName: string
  familyName: string
  /** Null: a pupil who has none yet. */
  fiscalCode: string | null
  birthDay: Day | null
}
export type CorrectedField = keyof Registered

/** Whose data are corrected. */
export type Corrected = { kind: 'adult' | 'pupil'; id: string; householdId: string }

/** A correction as the office asks for it. */
export type AskedCorrection = Registered & {
  /** What becomes of the code of today, when another takes its place. */
  earlier: 'opens' | 'closes' | null
  /** The codes of before that go on opening. */
  opens: string[]
  /** The office has seen a document: it says so where the letters of the code are not those of the name. */
  checked: boolean
}

export type CorrectionFacts = {
  kind: Corrected['kind']
  now: Registered
  /** The codes of before that open today. */
  earlierCodes: readonly string[]
  /** Whose the asked code is, where it is another person's of the municipality. */
  ownerName: string | null
  /** Other pupils who have the asked name and birth day, each with the family in words. */
  namesakes: readonly string[]
  today: Day
}

export type CorrectionPlan = {
  changed: CorrectedField[]
  /** Codes of before that open from now on, that of today among them if it stays. */
  opening: string[]
  closing: string[]
  /** The letters of the code are not those of the name, or another pupil has the same name and birth day. */
  isDoubtful: boolean
}

const FIELDS = ['givenName', 'familyName', 'fiscalCode', 'birthDay'] as const

/** What a correction would change, or why it is refused. */
export function planRegistryCorrection(
  asked: AskedCorrection,
  facts: CorrectionFacts,
): Result<CorrectionPlan> {
  const { now, earlierCodes } = facts
  const changed = FIELDS.filter((field) => asked[field] !== now[field])
  const isNewCode = changed.includes('fiscalCode')
  const closing = earlierCodes.filter((code) => !asked.opens.includes(code) && code !== asked.fiscalCode)
  if (changed.length === 0 && closing.length === 0) return refused('corrections:nothing')
  const problem = problemOf(asked, facts)
  if (problem) return problem
  if (facts.kind === 'adult' && isNewCode && !asked.earlier)
    return refusedField('earlier', 'corrections:choose-earlier')
  const opening = earlierCodes.filter((code) => asked.opens.includes(code) && code !== asked.fiscalCode)
  if (facts.kind === 'adult' && isNewCode) {
    if (now.fiscalCode) (asked.earlier === 'opens' ? opening : closing).push(now.fiscalCode)
  }
  const code = codeOf(asked)
  const mismatches = code ? codeMismatches(code, { ...asked, birthDay: null }) : []
  return ok({ changed, opening, closing, isDoubtful: mismatches.length > 0 || facts.namesakes.length > 0 })
}

const codeOf = ({ fiscalCode }: Registered): FiscalCode | null =>
  fiscalCode === null ? null : parseFiscalCode(fiscalCode)

/** What makes the asked data impossible: another person's code, or a birth day that cannot be. */
function problemOf(asked: AskedCorrection, { kind, ownerName, today }: CorrectionFacts) {
  if (ownerName !== null) return refusedField('fiscalCode', 'corrections:code-taken', { name: ownerName })
  const code = codeOf(asked)
  const { birthDay } = asked
  if (!code && kind === 'adult') return refusedField('fiscalCode', 'corrections:code-needed')
  if (!birthDay && (kind === 'pupil' || code?.kind === 'temporary'))
    return refusedField('birthDay', 'corrections:birth-needed')
  if (birthDay && birthDay > today) return refusedField('birthDay', 'corrections:birth-to-come')
  if (code && codeMismatches(code, asked).includes('birthDay'))
    return refusedField('birthDay', 'corrections:birth-disagrees')
  const born = birthDay ?? (code && birthFromFiscalCode(code, today)?.birthDay)
  if (kind === 'adult' && born && !isAdult(born, today))
    return refusedField('fiscalCode', 'corrections:minor')
  return null
}

const LABELS: Record<CorrectedField, string> = {
  givenName: 'Nome',
  familyName: 'Cognome',
  fiscalCode: 'Codice fiscale',
  birthDay: 'Data di nascita',
}

/** What a correction would do, a sentence a line, for the office. */
export function correctionInWords(
  { changed, opening, closing }: CorrectionPlan,
  asked: AskedCorrection,
  { kind, now, namesakes }: Pick<CorrectionFacts, 'kind' | 'now' | 'namesakes'>,
): string[] {
  const shown = (field: CorrectedField, value: string | null) =>
    value === null
      ? field === 'fiscalCode'
        ? 'nessuno'
        : 'non scritto'
      : field === 'birthDay'
        ? numericDay(value)
        : value
  const lines = changed.map(
    (field) => `${LABELS[field]}: da “${shown(field, now[field])}” a “${shown(field, asked[field])}”.`,
  )
  if (kind === 'pupil')
    return [
      ...lines,
      ...namesakes.map(
        (one) => `Ha lo stesso nome e la stessa data di nascita ${one}: controlla che sia un altro bambino.`,
      ),
      'Chi può vedere questo alunno riceve un messaggio che dice che cosa è stato corretto.',
    ]
  if (changed.includes('fiscalCode')) {
    lines.push(
      `Da adesso entra con SPID o CIE chi ha il codice ${asked.fiscalCode}. Saldo, movimenti, fatture e spese dell’anno restano di questa persona; le fatture già emesse non cambiano.`,
    )
    if (now.fiscalCode && asked.fiscalCode && differByOmocodia(now.fiscalCode, asked.fiscalCode))
      lines.push('I due codici differiscono solo per omocodia: due persone avevano lo stesso.')
  }
  for (const code of opening) lines.push(`Apre ancora anche il codice ${code}.`)
  for (const code of closing)
    lines.push(`Il codice ${code} non apre più: chi entra con quello non trova più niente di questa persona.`)
  if (closing.length > 0)
    lines.push(
      'Se qualcuno è già entrato con un codice che non apre più, non valgono più nemmeno gli indirizzi del calendario, le notifiche e i dispositivi ricordati: la persona li rifà dal profilo.',
    )
  return [...lines, 'La persona riceve un messaggio che dice che cosa è stato corretto, senza i dati.']
}
