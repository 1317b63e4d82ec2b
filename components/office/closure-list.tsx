import { type ClosedPeriod, type Closure, closedPeriods } from '#lib/school/closure.ts'
import { closureKindInWords } from '#lib/school/office/closure.words.ts'
import { longDay } from '#lib/words/format-day.ts'

const inWords = ({ from, to }: ClosedPeriod): string =>
  from === to ? longDay(from) : `da ${longDay(from)} a ${longDay(to)}`

/** The days without meals that are already decided, the nearest first; days in a row on one line. */
export function ClosureList({ closures }: { closures: readonly Closure[] }) {
  if (closures.length === 0) return <p>Nessun giorno senza mensa è già deciso.</p>
  return (
    <ul
      data-surface
      className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-white shadow-low"
    >
      {closedPeriods(closures).map((period) => (
        <li key={period.id} className="grid gap-x-6 gap-y-1 px-5 py-3 sm:grid-cols-[16rem_1fr]">
          <span className="font-semibold text-ink first-letter:uppercase">{inWords(period)}</span>
          <span>
            {closureKindInWords(period.kind)}: {period.reason}
            <span className="block text-sm text-muted">{period.schoolName ?? 'Tutte le scuole'}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
