import { exceptionInWords } from '#lib/calendar/day-off-request.ts'
import { longDay } from '#lib/day.ts'

type DayOff = { id: string; day: string; kind: string; reason: string; schoolName: string | null }

/** The days without meals that are already decided, the nearest first. */
export function DaysOffList({ daysOff }: { daysOff: DayOff[] }) {
  if (daysOff.length === 0) return <p>Nessun giorno senza mensa è già deciso.</p>
  return (
    <ul
      data-surface
      className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-white shadow-low"
    >
      {daysOff.map((dayOff) => (
        <li key={dayOff.id} className="grid gap-x-6 gap-y-1 px-5 py-3 sm:grid-cols-[14rem_1fr]">
          <span className="font-semibold text-ink first-letter:uppercase">{longDay(dayOff.day)}</span>
          <span>
            {exceptionInWords(dayOff.kind)}: {dayOff.reason}
            <span className="block text-sm text-muted">{dayOff.schoolName ?? 'Tutte le scuole'}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
