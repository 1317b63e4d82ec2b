import { type Day, parseDay } from '#lib/kernel/day.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'

/** The days of the registers that are asked for, the authority that asks and its reason. */
export type AskedPeriod = { from: Day; to: Day; reason: string }

export const LONGEST_REASON = 200

/** Reads the form of the registers as it arrives in the address; each problem is a sentence for its field. */
export function readAskedPeriod({
  dal,
  al,
  motivo,
}: SearchParams): AskedPeriod | { problems: Record<string, string> } {
  const [from, to, reason] = [parseDay(readText(dal)), parseDay(readText(al)), readText(motivo)]
  const problems: Record<string, string> = {}
  if (!from) problems.dal = 'Scegli il primo giorno'
  if (!to) problems.al = 'Scegli l’ultimo giorno'
  if (from && to && from > to) problems.al = 'L’ultimo giorno viene prima del primo'
  if (reason === '') problems.motivo = 'Scrivi chi lo chiede, e perché'
  if (reason.length > LONGEST_REASON) problems.motivo = `Al massimo ${LONGEST_REASON} caratteri`
  if (!from || !to || Object.keys(problems).length > 0) return { problems }
  return { from, to, reason }
}
