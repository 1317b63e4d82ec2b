import type { Day } from '#lib/kernel/day.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { italian, type Plural, plural } from '#lib/words/language.ts'
import type { SpanPlan } from '../span-change.ts'

const ends = (say: (day: Day) => string, before: Day, now: Day): string[] =>
  before === now ? [] : [say(now)]

const sum = (plans: readonly SpanPlan[], of: (plan: SpanPlan) => number): number =>
  plans.reduce((total, plan) => total + of(plan), 0)

const some = (n: number, words: Plural): string[] => (n === 0 ? [] : [italian(words, { n })])

/** What other first and last days of the canteen do. */
export function spanInWords(
  plans: readonly [SpanPlan, ...SpanPlan[]],
  { pupilIds, cancellations }: { pupilIds: readonly string[]; cancellations: number },
): string[] {
  const [{ before, span }] = plans
  return [
    ...ends((day) => dated`La mensa comincia il ${longDayWithYear(day)}.`, before.from, span.from),
    ...ends((day) => dated`La mensa finisce il ${longDayWithYear(day)}.`, before.to, span.to),
    italian(plural('Cambia in una scuola.', 'Cambia in {n} scuole, contando ogni servizio.'), {
      n: plans.length,
    }),
    ...some(
      sum(plans, ({ open, reopen }) => open.length + reopen.length),
      plural(
        'Si aggiunge un giorno di servizio.',
        'Si aggiungono {n} giorni di servizio, sommando le scuole.',
      ),
    ),
    ...some(
      sum(plans, ({ drop }) => drop.length),
      plural(
        'Un giorno già previsto perde la mensa.',
        '{n} giorni già previsti perdono la mensa, sommando le scuole.',
      ),
    ),
    ...some(
      cancellations,
      plural(
        'C’è una disdetta in quei giorni: resta scritta, e il pasto non si paga.',
        'Ci sono {n} disdette in quei giorni: restano scritte, e i pasti non si pagano.',
      ),
    ),
    italian(
      plural(
        'Riguarda un alunno: la sua famiglia riceve un avviso.',
        'Riguarda {n} alunni: le loro famiglie ricevono un avviso.',
      ),
      { n: pupilIds.length },
    ),
  ]
}
