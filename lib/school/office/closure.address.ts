import { type Day, parseDay } from '#lib/kernel/day.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import type { ClosureKind } from '../closure.ts'
import { KIND_NAMES } from './closure.words.ts'

/** What the office asks: `schoolId` null means every school. */
export type ClosureRequest = { day: Day; schoolId: string | null; kind: ClosureKind; reason: string }

/** The value of "every school" in the form. */
export const ALL_SCHOOLS = 'tutte'
const LONGEST_REASON = 200

export type ReadRequest =
  | { state: 'empty' }
  | { state: 'wrong'; problems: Record<string, string> }
  | { state: 'asked'; request: ClosureRequest }

const isKind = (value: string): value is ClosureKind => Object.hasOwn(KIND_NAMES, value)

/**
 * Reads the form of a closure as it arrives in the address. Each problem is a sentence for its field.
 * @param schools the schools that may be chosen
 */
export function readClosureRequest(typed: SearchParams, schools: readonly { id: string }[]): ReadRequest {
  if (typed.giorno === undefined && typed.tipo === undefined) return { state: 'empty' }
  const day = parseDay(typed.giorno)
  const school = readText(typed.scuola)
  const kind = readText(typed.tipo)
  const reason = readText(typed.motivo)
  const problems: Record<string, string> = {}
  if (!day) problems.giorno = 'Scegli il giorno senza mensa'
  if (school !== ALL_SCHOOLS && !schools.some(({ id }) => id === school))
    problems.scuola = 'Scegli la scuola, oppure tutte'
  if (!isKind(kind)) problems.tipo = 'Scegli perché la mensa non c’è'
  if (reason === '') problems.motivo = 'Scrivi il motivo: le famiglie lo leggono nel calendario'
  if (reason.length > LONGEST_REASON)
    problems.motivo = `Accorcia il motivo: al massimo ${LONGEST_REASON} caratteri`
  if (!day || !isKind(kind) || Object.keys(problems).length > 0) return { state: 'wrong', problems }
  return { state: 'asked', request: { day, schoolId: school === ALL_SCHOOLS ? null : school, kind, reason } }
}
