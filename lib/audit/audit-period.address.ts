import { type Day, parseDay } from '#lib/kernel/day.ts'

/** The days of the registers that are asked for, the authority that asks and its reason. */
export type AskedPeriod = { from: Day; to: Day; reason: string }

type Typed = Readonly<Record<string, string | string[] | null | undefined>>

export const LONGEST_REASON = 200

const text = (value: Typed[string]): string => (typeof value === 'string' ? value.trim() : '')

/** Reads the form of the registers as it arrives in the address; each problem is a sentence for its field. */
export function readAskedPeriod({
  dal,
  al,
  motivo,
}: Typed): AskedPeriod | { problems: Record<string, string> } {
  const [from, to, reason] = [parseDay(text(dal)), parseDay(text(al)), text(motivo)]
  const problems: Record<string, string> = {}
  if (!from) problems.dal = 'Scegli il primo giorno'
  if (!to) problems.al = 'Scegli l’ultimo giorno'
  if (from && to && from > to) problems.al = 'L’ultimo giorno viene prima del primo'
  if (reason === '') problems.motivo = 'Scrivi chi lo chiede, e perché'
  if (reason.length > LONGEST_REASON) problems.motivo = `Al massimo ${LONGEST_REASON} caratteri`
  if (!from || !to || Object.keys(problems).length > 0) return { problems }
  return { from, to, reason }
}
