import { addDays, type Day } from '#lib/kernel/day.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import { addressesInWords, isReachable, type KitchenWords } from '../kitchen.ts'
import type { ServingPlan, TakenBack } from './kitchen-move.ts'

/**
 * Whom a change touches. `losing` and `gaining`: the colleagues with the role of the one kitchen and of the other, who see no more
 * and begin to see the school's count.
 */
export type MoveEffect = { days: number; pupils: number; losing: string[]; gaining: string[] }

const effectInWords = ({ days, pupils }: MoveEffect): string =>
  days === 0
    ? 'Non tocca nessun giorno di servizio già previsto.'
    : `Tocca ${italian(plural('{n} giorno di servizio', '{n} giorni di servizio'), { n: days })} e ${italian(plural('{n} alunno', '{n} alunni'), { n: pupils })}.`

const sightInWords = ({ losing, gaining }: MoveEffect): string[] => [
  ...(losing.length > 0
    ? [
        `In quei giorni non ${losing.length === 1 ? 'vede' : 'vedono'} più il conteggio della scuola: ${listInWords(losing, 'it')}.`,
      ]
    : []),
  ...(gaining.length > 0
    ? [`In quei giorni lo ${gaining.length === 1 ? 'vede' : 'vedono'}: ${listInWords(gaining, 'it')}.`]
    : []),
]

const untilThen = (plan: ServingPlan, school: string): string =>
  plan.before
    ? dated`Fino al ${longDayWithYear(addDays(plan.from, -1))} il conteggio di ${school} va a ${plan.before.kitchenName}.`
    : `Oggi il conteggio di ${school} non va a nessuna cucina.`

const fromThen = ({ from, to }: ServingPlan, { name }: KitchenWords): string =>
  to
    ? dated`Dal ${longDayWithYear(from)} al ${longDayWithYear(to)} va a ${name}.`
    : dated`Dal ${longDayWithYear(from)} va a ${name}.`

const reach = (kitchen: KitchenWords): string =>
  isReachable(kitchen)
    ? `Lo riceve qui: ${addressesInWords(kitchen)}.`
    : `Attenzione: ${kitchen.name} non ha ancora un indirizzo, e il conteggio non le arriva.`

/** What a school's move to a kitchen does. */
export const moveInWords = (
  plan: ServingPlan,
  { school, kitchen, effect }: { school: string; kitchen: KitchenWords; effect: MoveEffect },
): string[] => [
  untilThen(plan, school),
  fromThen(plan, kitchen),
  reach(kitchen),
  ...(plan.to && plan.after
    ? [dated`Dal ${longDayWithYear(addDays(plan.to, 1))} va a ${plan.after.kitchenName}.`]
    : []),
  effectInWords(effect),
  ...sightInWords(effect),
  'I conteggi già fatti restano alla cucina che li ha avuti.',
]

/** What taking a change back does. */
export const takingBackInWords = (
  { taken, before }: TakenBack,
  { school, effect }: { school: string; effect: MoveEffect },
): string[] => [
  dated`Dal ${longDayWithYear(taken.from)} il conteggio di ${school} resta a ${before.kitchenName}, e non va a ${taken.kitchenName}.`,
  effectInWords(effect),
  ...sightInWords(effect),
]

/** "dal 3 dicembre 2026", "dal 3 al 24 dicembre 2026" in figures for a table. */
export const servedInWords = (
  { from, to }: { from: Day; to: Day | null },
  inFigures: (day: Day) => string,
): string => (to ? dated`dal ${inFigures(from)} al ${inFigures(to)}` : dated`dal ${inFigures(from)}`)
