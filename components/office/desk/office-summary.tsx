import { Card } from '#components/ui/card.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import type { OfficeDays } from '#lib/desk/office-day.ts'
import { dayFiguresInWords, dayTitle, noMealsToday } from '#lib/desk/office-day.words.ts'
import { pageOfWork, type WaitingWork, waitingRule } from '#lib/desk/waiting-work.ts'
import { waitingWorkInWords } from '#lib/desk/waiting-work.words.ts'

/** One municipality on the desk over several: its next counts, and what waits there, each a link into it. */
export function OfficeSummary({
  slug,
  name,
  days,
  work,
}: {
  slug: string
  name: string
  /** Null for who reads no counts. */
  days: OfficeDays | null
  work: readonly WaitingWork[]
}) {
  const office = `/admin/${slug}`
  return (
    <Card title={<a href={office}>{name}</a>} titleId={`comune-${slug}`} className="h-full">
      {days && noMealsToday(days) && <p className="text-muted">{noMealsToday(days)}</p>}
      {days?.days.slice(0, 1).map((day) => (
        <p key={day.day}>
          <a href={`${office}/conteggi?giorno=${day.day}`}>{dayTitle(day.day, days.today)}</a>
          {': '}
          <strong>
            {day.meals} {day.meals === 1 ? 'pasto' : 'pasti'}
          </strong>
          . {dayFiguresInWords(day)}
        </p>
      ))}
      {work.length === 0 ? (
        <p className="mt-2 text-muted">Niente da sbrigare.</p>
      ) : (
        <ul className="mt-2">
          {work.map((waiting) => (
            <li key={waiting.kind} className="flex flex-wrap items-center gap-2">
              <a href={`${office}/${pageOfWork(waiting.kind)}`} className="inline-flex min-h-11 items-center">
                {waitingWorkInWords(waiting)}
              </a>
              {waitingRule(waiting.kind).isUrgent && (
                <StatusChip tone="danger" icon="triangle-alert">
                  Urgente
                </StatusChip>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
