'use client'

import { useEffect, useState } from 'react'
import type { Day } from '#lib/kernel/day.ts'
import { type MealAction, type StateKind, stateAfter } from '#lib/meals/meal-state.ts'
import type { Outcome } from './change-outcome.tsx'
import { sendChange } from './send-change.ts'

type Settled = { kind: StateKind; at: number }

const add = <T>(map: ReadonlyMap<Day, T>, entries: readonly (readonly [Day, T])[]) =>
  new Map([...map, ...entries])

/**
 * The changes of one child made on this page: shown at once, settled by the server's answer, taken back when it refuses.
 * @param at the server's time of the picture that the page shows: a newer picture wins over what was settled before it
 */
export function useChanges(pupilId: string, api: string, at: number) {
  const [pending, setPending] = useState<ReadonlyMap<Day, StateKind>>(new Map())
  const [settled, setSettled] = useState<ReadonlyMap<Day, Settled>>(new Map())
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  useReloadFromHistory()

  const kindOf = (day: Day, drawn: StateKind): StateKind => {
    const change = settled.get(day)
    return pending.get(day) ?? (change && change.at >= at ? change.kind : drawn)
  }

  async function send(action: MealAction, days: Day[]): Promise<Outcome['answer']> {
    setOutcome(null)
    setPending((others) =>
      add(
        others,
        days.map((day) => [day, stateAfter(action)] as const),
      ),
    )
    const answer = await sendChange(api, { action, pupilIds: [pupilId], days })
    setPending((all) => new Map([...all].filter(([day]) => !days.includes(day))))
    if (answer.ok) {
      const news = answer.changed.map(({ day, kind }) => [day, { kind, at: answer.at }] as const)
      setSettled((others) => add(others, news))
    }
    setOutcome({ answer, action, days })
    return answer
  }

  return { pending, outcome, kindOf, send }
}

/** A page that the browser brings back alive from its history may be older than what was changed after it: drawn anew. */
function useReloadFromHistory() {
  useEffect(() => {
    const look = (event: PageTransitionEvent) => event.persisted && location.reload()
    addEventListener('pageshow', look)
    return () => removeEventListener('pageshow', look)
  }, [])
}
