import type { ClosureEffect, ClosureKind } from '../closure.ts'

export const KIND_NAMES: Record<ClosureKind, string> = {
  strike: 'Sciopero',
  closure: 'Chiusura della scuola',
  trip: 'Uscita o gita',
}

/** The name of a kind as the calendar keeps it; holidays come with the school year. */
export const closureKindInWords = (kind: string): string =>
  kind === 'holiday' ? 'Festività' : (KIND_NAMES[kind as ClosureKind] ?? kind)

/** "Sciopero: “Sciopero del personale”, deciso da Elena Marchi": who was first, and with which reason. */
export const decidedInWords = ({ kind, reason, by }: NonNullable<ClosureEffect['decided']>): string =>
  `${closureKindInWords(kind)}: “${reason}”${by ? `, deciso da ${by}` : ''}`
