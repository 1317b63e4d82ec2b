import { type ClosedPeriod, type Closure, closedPeriods, isUndoable } from '#lib/school/closure.ts'
import { closureKindInWords } from '#lib/school/office/closure.words.ts'
import { longDay } from '#lib/words/format-day.ts'

const inWords = ({ from, to }: ClosedPeriod): string =>
  from === to ? longDay(from) : `da ${longDay(from)} a ${longDay(to)}`

/** "Deciso da Elena Marchi. Annullato da Paola Ferri." */
const authorsInWords = ({ by, undoneBy }: ClosedPeriod): string =>
  [by && `Deciso da ${by}.`, undoneBy && `Annullato da ${undoneBy}.`].filter(Boolean).join(' ')

/**
 * Days without meals that are decided, days in a row on one line, each with who decided it.
 * @param undoPath where the office takes one back, up to its id; none for days that are past
 */
export function ClosureList({ closures, undoPath }: { closures: readonly Closure[]; undoPath?: string }) {
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
            <span className={period.undoneBy ? 'line-through' : ''}>
              {closureKindInWords(period.kind)}: {period.reason}
            </span>
            <span className="block text-sm text-muted">{period.schoolName ?? 'Tutte le scuole'}</span>
            {authorsInWords(period) && (
              <span className="block text-sm text-muted">{authorsInWords(period)}</span>
            )}
            {undoPath && isUndoable(period) && <UndoLinks period={period} undoPath={undoPath} />}
          </span>
        </li>
      ))}
    </ul>
  )
}

function UndoLinks({ period, undoPath }: { period: ClosedPeriod; undoPath: string }) {
  return (
    <span className="flex flex-wrap gap-x-4 print:hidden">
      {period.days.map(({ id, day }) => (
        <a key={id} href={`${undoPath}${id}`} className="inline-flex min-h-11 items-center">
          {`Annulla la sospensione di ${longDay(day)}`}
        </a>
      ))}
    </span>
  )
}
