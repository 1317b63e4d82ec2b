import type { StateKind } from '#lib/meals/meal-state.ts'
import { type Plural, plural, type Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { useWords } from '#words'

/** What is counted of a month, and the states of a day that count so. */
const TOTALS: readonly (readonly [Plural, readonly StateKind[]])[] = [
  [plural('{n} presenza', '{n} presenze'), ['present', 'presentLate']],
  [plural('{n} assenza', '{n} assenze'), ['absent', 'absentLate', 'absentPast']],
  [plural('{n} pasto consumato', '{n} pasti consumati'), ['consumed']],
]

/** "In questo mese: 12 presenze, 1 assenza, 9 pasti consumati." */
function totalsInWords(t: Words, kinds: readonly StateKind[]): string {
  const told = TOTALS.map(([words, counted]) => ({
    words,
    n: kinds.filter((kind) => counted.includes(kind)).length,
  })).filter(({ n }) => n > 0)
  const totals = inARow(
    told.map(({ words, n }) => t(words, { n })),
    t,
  )
  return totals === ''
    ? t('In questo mese non ci sono giorni di mensa.')
    : t('In questo mese: {totals}.', { totals })
}

/** What the days of a month are, counted. */
export function MonthTotals({ kinds }: { kinds: readonly StateKind[] }) {
  const t = useWords()
  return <p className="mt-3 text-ink">{totalsInWords(t, kinds)}</p>
}
