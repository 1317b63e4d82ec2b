import { Countdown } from '#components/ui/countdown.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { cutoffInWords, deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { fill } from '#lib/words/fill.ts'
import { longDay, longDayWithYear } from '#lib/words/format-day.ts'
import { useWords } from '#words'

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
  const t = useWords()
  const millisLeft = open ? open.nextCutoff.getTime() - now.getTime() : 0
  return (
    <Notice kind={open && millisLeft < HOUR_MS ? 'warning' : 'info'}>
      <p>
        {fill(
          who
            ? t('{who}: la modifica del pasto può essere fatta {strong}.')
            : t('La modifica del pasto può essere fatta {strong}.'),
          {
            who: <strong key="who">{who}</strong>,
            strong: <strong key="strong">{cutoffInWords(cutoffRule, t)}</strong>,
          },
        )}
        {open && millisLeft < HOUR_MS && (
          <>
            {' '}
            {fill(
              t('Per {from} hai tempo fino alle {from2}: {strong}.', {
                from: longDay(open.from, t.language),
                from2: deadlineInWords(open.from, open.nextCutoff, t),
              }),
              {
                strong: (
                  <strong key="strong">
                    <Countdown millisLeft={millisLeft} over={t('il tempo è scaduto')} />
                  </strong>
                ),
              },
            )}
          </>
        )}
      </p>
      <p className="mt-1">
        {open
          ? fill(t('Puoi cambiare i giorni da {strong} a {strong2}.'), {
              strong: <strong key="strong">{longDayWithYear(open.from, t.language)}</strong>,
              strong2: <strong key="strong2">{longDayWithYear(open.to, t.language)}</strong>,
            })
          : t('Per quest’anno scolastico non ci sono più giorni da cambiare.')}
      </p>
    </Notice>
  )
}
