'use client'

import { useEffect, useState } from 'react'
import type { Day } from '#lib/kernel/day.ts'
import { type MealAction, type StateKind, stateAfter } from '#lib/meals/meal-state.ts'
import { type Cell, type ChangeAnswer, kindAt } from '#lib/meals/month-view.ts'
import type { Words } from '#lib/words/language.ts'
import { useWords } from '#words'
import type { Outcome } from './change-outcome.tsx'

type Settled = { kind: StateKind; at: number }

const add = <T>(map: ReadonlyMap<Day, T>, entries: readonly (readonly [Day, T])[]) =>
  new Map([...map, ...entries])

/**
 * The changes of one child made on this page: shown immediately, settled by the server's answer, taken back when it refuses.
 * @param at the server's time of the picture that the page shows: a newer picture wins over what was settled before it
 */
export function useChanges(pupilId: string, api: string, at: number) {
  const [pending, setPending] = useState<ReadonlyMap<Day, MealAction>>(new Map())
  const [settled, setSettled] = useState<ReadonlyMap<Day, Settled>>(new Map())
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const t = useWords()
  useReloadFromHistory()

  /** The state of a day now: as it was asked for, as it was settled, or as it was drawn, its deadline considered. */
  const kindOf = ([day, drawn, deadline]: Cell, now: number): StateKind => {
    const asked = pending.get(day)
    if (asked) return stateAfter(asked)
    const change = settled.get(day)
    return kindAt(change && change.at >= at ? change.kind : drawn, deadline, now)
  }

  async function send(action: MealAction, days: Day[]): Promise<Outcome['answer']> {
    setOutcome(null)
    setPending((others) =>
      add(
        others,
        days.map((day) => [day, action] as const),
      ),
    )
    const answer = await sendChange(api, { action, pupilIds: [pupilId], days }, t)
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

const PAUSES_MS = [0, 700, 2_000]
const PATIENCE_MS = 10_000

/** A random UUID; `crypto.randomUUID` is missing where the page is not served over HTTPS. */
function newKey(): string {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte, index) => {
    const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte
    return value.toString(16).padStart(2, '0')
  })
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const unreachable = (t: Words): ChangeAnswer => ({
  ok: false,
  code: 'request:unreachable',
  message: t(
    'La rete non risponde: non sappiamo se la modifica è arrivata. Controlla la connessione e riprova, non verrà registrata due volte.',
  ),
})

/**
 * Sends one change. When the answer is lost it asks again with the same key, which changes nothing twice.
 * Never throws: what went wrong comes back as an answer with words.
 */
async function sendChange(
  endpoint: string,
  change: { action: MealAction; pupilIds: string[]; days: Day[] },
  t: Words,
): Promise<ChangeAnswer> {
  const body = JSON.stringify({ ...change, idempotencyKey: newKey() })
  for (const pause of PAUSES_MS) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      if (response.status < 500) return (await response.json()) as ChangeAnswer
    } catch {
      // No answer, or not ours: the next round asks again.
    }
  }
  return unreachable(t)
}

/** Reloads a page that the browser restores from its history: it may be older than what was changed after it. */
function useReloadFromHistory() {
  useEffect(() => {
    const reload = (event: PageTransitionEvent) => event.persisted && location.reload()
    addEventListener('pageshow', reload)
    return () => removeEventListener('pageshow', reload)
  }, [])
}
