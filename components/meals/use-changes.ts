'use client'

import { useEffect, useState } from 'react'
import type { Day } from '#lib/kernel/day.ts'
import { type MealAction, type StateKind, stateAfter } from '#lib/meals/meal-state.ts'
import { type Cell, type ChangeAnswer, kindAt, MOST_REPLACED } from '#lib/meals/month-view.ts'
import type { Words } from '#lib/words/language.ts'
import { useWords } from '#words'
import type { Outcome } from './change-outcome.tsx'

type Settled = { kind: StateKind; at: number }
type Wish = { action: MealAction; key: string }
/** Fields by their names: how the family asked the office for a change. */
export type MoreFields = Readonly<Record<string, string>>
const NONE: MoreFields = {}

const add = <T>(map: ReadonlyMap<Day, T>, entries: readonly (readonly [Day, T])[]) =>
  new Map([...map, ...entries])

/**
 * The changes of one child made on this page: shown immediately, settled by the server's answer, taken back when it refuses.
 * Of two changes of one day the later one counts, in what is shown and in what is sent.
 * @param at the server's time of the picture that the page shows: a newer picture wins over what was settled before it
 * @param more what is sent with each change beside it
 */
export function useChanges(pupilId: string, api: string, at: number, more: MoreFields = NONE) {
  const [pending, setPending] = useState<ReadonlyMap<Day, Wish>>(new Map())
  const [settled, setSettled] = useState<ReadonlyMap<Day, Settled>>(new Map())
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const t = useWords()
  useReloadFromHistory()

  /** The state of a day now: as it was asked for, as it was settled, or as it was drawn, its deadline considered. */
  const kindOf = ([day, drawn, deadline]: Cell, now: number): StateKind => {
    const asked = pending.get(day)
    if (asked) return stateAfter(asked.action)
    const change = settled.get(day)
    return kindAt(change && change.at >= at ? change.kind : drawn, deadline, now)
  }

  async function send(action: MealAction, days: Day[]): Promise<Outcome['answer']> {
    const key = newKey()
    setOutcome(null)
    setPending((others) =>
      add(
        others,
        days.map((day) => [day, { action, key }] as const),
      ),
    )
    const { answer, isOvertaken } = await sendInOrder(api, { key, action, pupilId, days, more }, t)
    setPending((all) => new Map([...all].filter(([, wish]) => wish.key !== key)))
    if (answer.ok) {
      const news = answer.changed.map(({ day, kind }) => [day, { kind, at: answer.at }] as const)
      setSettled((others) => add(others, news))
    }
    if (!isOvertaken) setOutcome({ answer, action, days })
    return answer
  }

  return { pending, outcome, kindOf, send }
}

type Change = { key: string; action: MealAction; pupilId: string; days: readonly Day[]; more: MoreFields }
/** `isLost`: no answer came, and none will. */
type Sent = Change & { answer: Promise<ChangeAnswer>; isLost: boolean }

const UNREACHABLE = 'request:unreachable'

/** Changes whose answer is awaited or never came, in the order of the presses: they outlive the page that sent them. */
let unanswered: readonly Sent[] = []

const touch = (one: Change, other: Change): boolean =>
  one.pupilId === other.pupilId && one.days.some((day) => other.days.includes(day))

/**
 * Sends a change after those of the same days that have no answer yet. One whose answer never came may still be on its way:
 * this change takes its place, so that the server does nothing when it arrives.
 * @returns `isOvertaken`: whether a later change of the same days was asked for meanwhile
 */
async function sendInOrder(
  endpoint: string,
  change: Change,
  t: Words,
): Promise<{ answer: ChangeAnswer; isOvertaken: boolean }> {
  const earlier = unanswered.filter((sent) => touch(sent, change))
  const after = () => {
    const lost = earlier.filter(({ isLost }) => isLost).map((sent) => sent.key)
    return sendChange(endpoint, change, lost.length > 0 ? lost.slice(-MOST_REPLACED) : undefined, t)
  }
  // With nothing to wait for it leaves in the press itself.
  const answer = earlier.length > 0 ? Promise.all(earlier.map((sent) => sent.answer)).then(after) : after()
  const own: Sent = { ...change, answer, isLost: false }
  unanswered = [...unanswered, own]
  const answered = await answer
  const code = answered.ok ? '' : answered.code
  own.isLost = code === UNREACHABLE
  const isOvertaken = unanswered.slice(unanswered.indexOf(own) + 1).some((later) => touch(own, later))
  // An answer that judges the change has read what it takes the place of; every other one says nothing of those.
  const isJudged = answered.ok || code.startsWith('meals:')
  unanswered = unanswered.filter((sent) =>
    sent === own ? own.isLost : !(isJudged && earlier.includes(sent)),
  )
  return { answer: answered, isOvertaken }
}

const PAUSES_MS = [0, 700, 2_000]
const PATIENCE_MS = 10_000

/** A random UUID; `crypto.randomUUID` is missing where the page is not served over HTTPS. */
const newKey = (): string =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () =>
    ((crypto.getRandomValues(new Uint8Array(1))[0] as number) % 16).toString(16),
  )

const unreachable = (t: Words): ChangeAnswer => ({
  ok: false,
  code: UNREACHABLE,
  message: t(
    'La rete non risponde. Controlla la connessione e riprova: la modifica non verrà registrata due volte.',
  ),
})

/**
 * Sends one change. When the answer is lost it asks again with the same key, which changes nothing twice.
 * Never throws: what went wrong comes back as an answer with words.
 */
async function sendChange(
  endpoint: string,
  { key, action, pupilId, days, more }: Change,
  replaces: readonly string[] | undefined,
  t: Words,
): Promise<ChangeAnswer> {
  const body = JSON.stringify({
    ...more,
    action,
    pupilIds: [pupilId],
    days,
    idempotencyKey: key,
    replaces,
  })
  let failure: ChangeAnswer | null = null
  for (const pause of PAUSES_MS) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      const answer = (await response.json()) as ChangeAnswer
      if (response.status < 500) return answer
      // What became of the change is not known, as after an answer that was lost; the server's words carry a reference.
      if (!answer.ok) failure = { ...answer, code: UNREACHABLE }
    } catch {
      // No answer, or not ours: the next round asks again.
    }
  }
  return failure ?? unreachable(t)
}

/** Reloads a page that the browser restores from its history: it may be older than what was changed after it. */
function useReloadFromHistory() {
  useEffect(() => {
    const reload = (event: PageTransitionEvent) => event.persisted && location.reload()
    addEventListener('pageshow', reload)
    return () => removeEventListener('pageshow', reload)
  }, [])
}
