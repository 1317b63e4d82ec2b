import { Countdown } from '#components/ui/countdown.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Day } from '#lib/day.ts'
import { longDay, longDayWithYear } from '#lib/day.ts'
import { cutoffInWords, deadlineInWords } from '#lib/meals/day-state.ts'

const HOUR_MS = 3_600_000

/** Until when one can change: this service's cutoff, what is left of it when it is near, and the days that it covers. */
export function DeadlineNote({
  who,
  now,
  cutoffRule,
  open,
}: {
  /** The children it is about, when not all have the same. */
  who?: string
  now: Date
  cutoffRule: { time: string; daysBefore: number }
  open: { from: Day; to: Day; nextCutoff: Date } | null
}) {
  const millisLeft = open ? open.nextCutoff.getTime() - now.getTime() : 0
  return (
    <Notice kind={open && millisLeft < HOUR_MS ? 'warning' : 'info'}>
      <p>
        {who && (
          <>
            <strong>{who}</strong>:{' '}
          </>
        )}
        {who ? 'la' : 'La'} modifica del pasto può essere fatta <strong>{cutoffInWords(cutoffRule)}</strong>.
        {open && millisLeft < HOUR_MS && (
          <>
            {' '}
            Per {longDay(open.from)} hai tempo fino alle {deadlineInWords(open.from, open.nextCutoff)}:{' '}
            <strong>
              <Countdown millisLeft={millisLeft} over="il tempo è scaduto" />
            </strong>
            .
          </>
        )}
      </p>
      <p className="mt-1">
        {open ? (
          <>
            Puoi cambiare i giorni da <strong>{longDayWithYear(open.from)}</strong> a{' '}
            <strong>{longDayWithYear(open.to)}</strong>.
          </>
        ) : (
          'Per quest’anno scolastico non ci sono più giorni da cambiare.'
        )}
      </p>
    </Notice>
  )
}
