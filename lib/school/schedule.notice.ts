import type { Day } from '#lib/kernel/day.ts'
import { trimEndOf } from '#lib/kernel/trim.ts'
import type { Said } from '#lib/notifications/notification.ts'
import { longDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import { scheduledCutoffInWords, weekdaysInWords } from './schedule.words.ts'
import type { Week } from './schedule-change.ts'

/** What families read when the days or the cutoff of their school change. */
export function scheduleNotice(
  { from, week, school, service }: { from: Day; week: Week; school: string; service: string },
  t: Words,
): Said {
  const day = longDay(from, t.language)
  const weekdays = weekdaysInWords(week.weekdays, t)
  const cutoff = scheduledCutoffInWords(week.cutoffTime, week.cutoffDaysBefore, t)
  return {
    title: t('Cambiano giorni o termine della mensa: da {day}', { day }),
    text: t(
      '{service}, {school}.\nGiorni: {weekdays}.\nUn pasto si disdice entro {cutoff}.\n\nFino ad allora resta tutto com’è.',
      {
        service: written(service),
        school: written(school),
        weekdays,
        cutoff,
      },
    ),
  }
}

/** What families read when days of the calendar are closed for every school. */
export function holidayNotice({ from, to, reason }: { from: Day; to: Day; reason: string }, t: Words): Said {
  const [first, last] = [longDay(from, t.language), longDay(to, t.language)]
  return {
    title:
      from === to
        ? t('Niente mensa {day}', { day: first })
        : t('Niente mensa: da {from} a {to}', { from: first, to: last }),
    text: t('{reason}.\nRiguarda tutte le scuole. Non devi disdire e i pasti non si pagano.', {
      reason: written(trimEndOf(reason.trim(), '.')),
    }),
  }
}

/** What families read when a day that was closed for every school is not any more. */
export const holidayTakenBackNotice = (day: Day, t: Words): Said => ({
  title: t('La mensa c’è {day}', { day: longDay(day, t.language) }),
  text: t(
    'Quel giorno non è più una chiusura del calendario. Il pasto è previsto e si paga; puoi disdirlo entro il termine.',
  ),
})

/** What families read when the canteen of their school begins or ends on another day. */
export const spanNotice = ({ from, to }: { from: Day; to: Day }, t: Words): Said => ({
  title: t('Cambiano i giorni della mensa'),
  text: t('La mensa va da {from} a {to}. Fuori da quei giorni non devi disdire e niente si paga.', {
    from: longDay(from, t.language),
    to: longDay(to, t.language),
  }),
})
