import { addDays, type Day } from '#lib/kernel/day.ts'
import type { CancelledBy } from '#lib/school/cancel-rule.ts'
import { weekInWords } from '#lib/school/office/schedule.words.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { italian, plural } from '#lib/words/language.ts'
import type { CancelRulePlan, NewService } from './service-plan.ts'

/** "disdicono l’intestatario e i delegati" */
export const cancelledByInWords = (who: CancelledBy): string =>
  who === 'holder' ? 'disdice solo l’intestatario' : 'disdicono l’intestatario e i delegati'

const pupilsInWords = (n: number): string => italian(plural('{n} alunno', '{n} alunni'), { n })
const daysInWords = (n: number): string =>
  italian(plural('{n} giorno di servizio', '{n} giorni di servizio'), { n })

/** What a new service has. */
export const newServiceInWords = (plan: NewService): string[] => [
  dated`Dal ${longDayWithYear(plan.from)} nasce «${plan.name}»: costa ${formatEuro(plan.cents)} al giorno.`,
  plan.schools.length === 0
    ? 'Non si dà ancora in nessuna scuola: i giorni si decidono nella pagina di ogni scuola.'
    : dated`In ogni scuola, fino al ${longDayWithYear(plan.to)}: ${weekInWords(plan)}. In tutto ${daysInWords(plan.days.length * plan.schools.length)}.`,
  `Lo ${cancelledByInWords(plan.cancelledBy)}.`,
  plan.isCooked
    ? 'La cucina prepara qualcosa: i suoi pasti sono nel conteggio.'
    : 'La cucina non prepara niente: non entra nei pasti da preparare.',
  'Nessun alunno vi è iscritto: si iscrive dalla scheda della sua famiglia.',
]

export type RuleEffect = { pupils: number; delegates: number }

/** What a change of who cancels does. */
export const ruleInWords = (plan: CancelRulePlan, { pupils, delegates }: RuleEffect): string[] => [
  dated`Fino al ${longDayWithYear(addDays(plan.from, -1))} ${cancelledByInWords(plan.before)}.`,
  dated`Dal ${longDayWithYear(plan.from)} ${cancelledByInWords(plan.cancelledBy)}.`,
  `Riguarda ${pupilsInWords(pupils)} e ${italian(plural('{n} delegato', '{n} delegati'), { n: delegates })}: le loro famiglie ricevono un avviso.`,
  'Le disdette già fatte restano, e l’ufficio disdice come prima.',
]

export type EndEffect = { pupils: number; days: number; cancellations: number }

/** What the end of a service does. */
export const serviceEndInWords = (
  name: string,
  to: Day,
  { pupils, days, cancellations }: EndEffect,
): string[] => [
  dated`«${name}» si dà fino al ${longDayWithYear(to)} compreso; poi nessuno vi si iscrive più.`,
  days === 0
    ? 'Dopo non ci sono giorni di servizio da togliere.'
    : `Si tolgono ${daysInWords(days)} già previsti, sommando le scuole.`,
  ...(cancellations > 0
    ? [
        italian(
          plural(
            'In quei giorni c’è una disdetta: resta scritta, e niente si paga.',
            'In quei giorni ci sono {n} disdette: restano scritte, e niente si paga.',
          ),
          { n: cancellations },
        ),
      ]
    : []),
  pupils === 0
    ? 'Nessun alunno è iscritto dopo quel giorno.'
    : `Finisce l’iscrizione di ${pupilsInWords(pupils)}: le loro famiglie ricevono un avviso.`,
  'Conteggi, addebiti e fatture di prima restano come sono.',
]
