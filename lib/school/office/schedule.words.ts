import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { scheduledCutoffInWords, weekdaysInWords } from '../schedule.words.ts'
import type { Week, WeekPlan } from '../schedule-change.ts'
import type { Schedule } from '../school-year.ts'

/** "da lunedì a venerdì, si disdice entro le 9:30 del giorno stesso" */
export const weekInWords = ({ weekdays, cutoffTime, cutoffDaysBefore }: Week): string =>
  `${weekdaysInWords(weekdays)}, si disdice entro ${scheduledCutoffInWords(cutoffTime, cutoffDaysBefore)}`

const counted = (n: number, one: string, more: string): string =>
  n === 1 ? one : more.replace('{n}', String(n))

/** What a first week opens. */
export const firstWeekInWords = (schedule: Schedule, days: number): string[] => [
  dated`Dal ${longDayWithYear(schedule.startsOn)} al ${longDayWithYear(schedule.endsOn)}: ${weekInWords(schedule)}.`,
  counted(
    days,
    'È un giorno di servizio, tolte feste e chiusure.',
    'Sono {n} giorni di servizio, tolte feste e chiusure.',
  ),
  'I giorni il cui termine è già passato non si contano e non si addebitano.',
]

/** What a change of the week does, day by day and for whom. */
export function weekPlanInWords(
  { from, week, before, open, reopen, recut, drop }: WeekPlan,
  { pupilIds, cancellations }: { pupilIds: readonly string[]; cancellations: number },
): string[] {
  const added = open.length + reopen.length
  return [
    dated`Fino al giorno prima resta com’è: ${weekInWords(before)}.`,
    dated`Dal ${longDayWithYear(from)}: ${weekInWords(week)}.`,
    ...(added > 0
      ? [counted(added, 'Si aggiunge un giorno di servizio.', 'Si aggiungono {n} giorni di servizio.')]
      : []),
    ...(drop.length > 0
      ? [
          counted(
            drop.length,
            'Un giorno già previsto perde la mensa.',
            '{n} giorni già previsti perdono la mensa.',
          ),
        ]
      : []),
    ...(cancellations > 0
      ? [
          counted(
            cancellations,
            'C’è una disdetta in quei giorni: resta scritta, e il pasto non si paga.',
            'Ci sono {n} disdette in quei giorni: restano scritte, e i pasti non si pagano.',
          ),
        ]
      : []),
    ...(recut.length > 0
      ? [counted(recut.length, 'Un giorno cambia termine.', '{n} giorni cambiano termine.')]
      : []),
    counted(
      pupilIds.length,
      'Riguarda un alunno: la sua famiglia riceve un avviso.',
      'Riguarda {n} alunni: le loro famiglie ricevono un avviso.',
    ),
  ]
}
