import { isUuid } from '#lib/kernel/uuid.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { OUTCOMES, type RolloverOutcome } from './rollover.ts'

/** Which pupils of a roll-over a list shows. */
export type RolloverFilter = { outcome: RolloverOutcome | null; classId: string | null; page: number }

/** Outcomes by their names in an address. */
export const OUTCOME_NAMES: Readonly<Record<RolloverOutcome, string>> = {
  moves: 'passa',
  leaves: 'esce',
  apart: 'da-decidere',
  already: 'iscritto',
  left: 'uscito',
}

const MOST_PAGES = 100_000

/** Reads `?esito=&classe=&pagina=`. What makes no sense counts as not said. */
export function readRolloverFilter({ esito, classe, pagina }: SearchParams): RolloverFilter {
  const classId = readText(classe)
  const page = Number(readText(pagina))
  return {
    outcome: OUTCOMES.find((outcome) => OUTCOME_NAMES[outcome] === readText(esito)) ?? null,
    classId: isUuid(classId) ? classId : null,
    page: Number.isInteger(page) && page > 0 && page <= MOST_PAGES ? page : 1,
  }
}

/** "?esito=passa&classe=…&pagina=2"; empty for the first page of all. */
export function rolloverQuery({ outcome, classId, page }: Partial<RolloverFilter>): string {
  const query = new URLSearchParams({
    ...(outcome ? { esito: OUTCOME_NAMES[outcome] } : {}),
    ...(classId ? { classe: classId } : {}),
    ...(page && page > 1 ? { pagina: String(page) } : {}),
  })
  return query.size > 0 ? `?${query}` : ''
}
