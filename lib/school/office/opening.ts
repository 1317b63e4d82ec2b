import { type Day, parseDay } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { missingSteps, type TownFacts } from './readiness.ts'

export type OpeningPlan = { day: Day; pupils: number; lines: string[] }

/** Decides since when families may enter, from what the municipality has now. */
export function planOpening(typed: string, facts: TownFacts, today: Day): Result<OpeningPlan> {
  if (facts.isOpen) return refused('town:already-open')
  const missing = missingSteps(facts)
  if (missing.length > 0) return refused('town:not-ready', { what: missing.map(({ title }) => title) })
  const day = parseDay(typed)
  if (!day) return refusedField('day', 'town:choose-day')
  if (day < today) return refusedField('day', 'town:day-past')
  return ok({
    day,
    pupils: facts.pupils,
    lines: [
      day === today
        ? 'Le famiglie entrano da subito.'
        : dated`Le famiglie entrano dal ${longDayWithYear(day)}: fino ad allora leggono che la mensa non è ancora attiva.`,
      facts.pupils === 1
        ? 'Oggi c’è un alunno iscritto: entra chi è intestatario o delegato della sua famiglia.'
        : `Oggi ci sono ${facts.pupils} alunni iscritti: entra chi è intestatario o delegato di una famiglia.`,
      'Da quel giorno le disdette arrivano in cucina e i pasti si addebitano dopo la chiusura.',
      'Fino al giorno prima si può cambiare idea; dopo, no.',
    ],
  })
}
