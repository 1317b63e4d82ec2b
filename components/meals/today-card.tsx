'use client'

import type { MouseEvent, ReactNode } from 'react'
import { Said } from '#components/language/said.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Countdown } from '#components/ui/countdown.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { ACTION_WORDS } from '#lib/meals/meal.address.ts'
import { actionFor, isChangeable, type MealAction, type StateKind } from '#lib/meals/meal-state.ts'
import type { Cell } from '#lib/meals/month-view.ts'
import { fill } from '#lib/words/fill.ts'
import { longDay, shortDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { asWritten } from '#lib/words/written.ts'
import { useWords } from '#words'
import { ChangeOutcome } from './change-outcome.tsx'
import { StateChip } from './state-chip.tsx'
import { useChanges } from './use-changes.ts'
import { useServerTime } from './use-server-time.ts'

const NEAR_MS = 12 * 3_600_000

export type TodayChild = {
  id: string
  givenName: string
  /** What today is in the one service of a child who has more than one (`todayInService`). */
  inService?: Record<StateKind, string>
  /** A `Place`. */
  place: ReactNode
  today: Cell
  next: Cell[]
}

/** What today is, as one would say it to the other parent. */
function headline(t: Words, name: string, kind: StateKind, why?: string): string {
  switch (kind) {
    case 'present':
    case 'presentLate':
    case 'consumed':
      return t('Oggi {name} mangia a mensa.', { name })
    case 'absent':
    case 'absentLate':
    case 'absentPast':
      return t('Oggi {name} è assente: il pasto è disdetto.', { name })
    case 'closed':
      return why
        ? t('Oggi la mensa è chiusa: {why}.', { why: asWritten(why, t.language) })
        : t('Oggi la mensa è chiusa.')
    case 'elsewhere':
      return t('Oggi il pasto di {name} è dell’altra famiglia.', { name })
    default:
      return t('Oggi per {name} la mensa non è prevista.', { name })
  }
}

/**
 * A child's day on one card: the state, how long it can still change, one big button. The form works
 * before hydration; after it the press shows immediately and is taken back, with a reason, if the server refuses.
 */
export function TodayCard({
  child,
  at,
  api,
  fields,
  phone,
  children,
}: {
  child: TodayChild
  at: number
  api: string
  /** `TodayFields`: with what the server draws for good, the browser has less to load. */
  fields: ReactNode
  /** The office's number, a `PhoneLink`: a parent who is late calls from here. */
  phone: ReactNode
  children: ReactNode
}) {
  const t = useWords()
  const { pending, outcome, kindOf, send } = useChanges(child.id, api, at)
  const cells = [child.today, ...child.next]
  const now = useServerTime(
    at,
    cells.map(([, , deadline]) => deadline),
  )

  const press = (action: MealAction, day: Day) => (event: MouseEvent) => {
    event.preventDefault()
    if (!pending.has(day)) void send(action, [day])
  }

  const [today, , deadline, why] = child.today
  const kind = kindOf(child.today, now)
  return (
    <Card
      title={child.givenName}
      titleId={`figlio-${child.id}`}
      aside={
        <span aria-busy={pending.has(today) || undefined}>
          <StateChip kind={kind} />
        </span>
      }
    >
      {child.place}
      <ChangeOutcome outcome={outcome} childName={child.givenName} onUndo={send} />
      <p className="text-lg text-ink">
        <Said text={child.inService?.[kind] ?? headline(t, child.givenName, kind, why)} />
      </p>
      <form action={api} method="post">
        {fields}
        {isChangeable(kind) && (
          <OpenToday day={today} kind={kind} deadline={deadline} now={now} press={press} />
        )}
        {(kind === 'presentLate' || kind === 'absentLate') && (
          <TooLate day={today} deadline={deadline} phone={phone} />
        )}
        {child.next.length > 0 && (
          <NextDays cells={child.next} kindOf={(cell) => kindOf(cell, now)} press={press} />
        )}
      </form>
      {children}
    </Card>
  )
}

/** Until when today can change, and the big button that changes it. */
function OpenToday({
  day,
  kind,
  deadline,
  now,
  press,
}: {
  day: Day
  kind: StateKind
  deadline: number
  now: number
  press: (action: MealAction, day: Day) => (event: MouseEvent) => void
}) {
  const t = useWords()
  const action = actionFor(kind)
  return (
    <>
      <p className="mt-1">
        {fill(t('Puoi cambiare fino alle {strong}'), {
          strong: <strong key="strong">{deadlineInWords(day, new Date(deadline), t)}</strong>,
        })}
        {deadline - now < NEAR_MS && (
          <>
            {': '}
            <strong>
              <Countdown millisLeft={deadline - now} over={t('il tempo è scaduto')} />
            </strong>
          </>
        )}
        .
      </p>
      <Button
        name="cambia"
        value={`${ACTION_WORDS[action]} ${day}`}
        onClick={press(action, day)}
        size="lg"
        wide
        className="mt-4"
        look={action === 'cancel' ? 'danger' : 'primary'}
        icon={action === 'cancel' ? 'user-x' : 'undo-2'}
      >
        {action === 'cancel' ? t('Segna assente oggi') : t('Ripristina il pasto di oggi')}
      </Button>
    </>
  )
}

/** After the deadline there is no button: a telephone number. */
function TooLate({ day, deadline, phone }: { day: Day; deadline: number; phone: ReactNode }) {
  const t = useWords()
  return (
    <p className="mt-1">
      {fill(
        t('Non più modificabile: il termine era alle {today}. Per un’urgenza chiama il {phone}.', {
          today: deadlineInWords(day, new Date(deadline), t),
        }),
        { phone },
      )}
    </p>
  )
}

/** The next school days, each with its state and its own button. */
function NextDays({
  cells,
  kindOf,
  press,
}: {
  cells: Cell[]
  kindOf: (cell: Cell) => StateKind
  press: (action: MealAction, day: Day) => (event: MouseEvent) => void
}) {
  const t = useWords()
  return (
    <>
      <h3 className="mt-6 text-lg">{t('Prossimi giorni di mensa')}</h3>
      <ul className="mt-1 divide-y divide-line">
        {cells.map((cell) => {
          const [day] = cell
          const kind = kindOf(cell)
          const action = actionFor(kind)
          return (
            <li key={day} className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1 py-2">
              <span className="min-w-20 font-semibold text-ink">{shortDay(day, t.language)}</span>
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <StateChip kind={kind} />
                {isChangeable(kind) && (
                  <button
                    type="submit"
                    name="cambia"
                    value={`${ACTION_WORDS[action]} ${day}`}
                    onClick={press(action, day)}
                    aria-label={`${action === 'cancel' ? t('Segna assente') : t('Ripristina')} ${longDay(day, t.language)}`}
                    className="min-h-11 px-1 font-semibold text-primary underline underline-offset-4 hover:text-primary-deep"
                  >
                    {action === 'cancel' ? t('Segna assente') : t('Ripristina')}
                  </button>
                )}
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}
