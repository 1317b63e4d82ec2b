'use client'

import { useEffect, useRef } from 'react'
import { InstallHint } from '#components/installed/install-hint.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { inverseOf, type MealAction } from '#lib/meals/meal-state.ts'
import type { ChangeAnswer } from '#lib/meals/month-view.ts'
import { longDay } from '#lib/words/format-day.ts'
import { type Phrase, type Plural, phrase, plural, type Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { useWords } from '#words'

export type Outcome = { answer: ChangeAnswer; action: MealAction; days: Day[] }

const CHANGED: Record<MealAction, { days: Phrase; count: Plural }> = {
  cancel: {
    days: phrase('{name}: assente {days}'),
    count: plural('{name}: assente per {n} giorno', '{name}: assente per {n} giorni'),
  },
  restore: {
    days: phrase('{name}: presente {days}'),
    count: plural('{name}: presente per {n} giorno', '{name}: presente per {n} giorni'),
  },
}

/** "Greta: assente martedì 24 novembre", or the count when the days are many. */
function whatHappened(t: Words, name: string, action: MealAction, days: readonly Day[]): string {
  return days.length <= 3
    ? t(CHANGED[action].days, {
        name,
        days: inARow(
          days.map((day) => longDay(day, t.language)),
          t,
        ),
      })
    : t(CHANGED[action].count, { name, n: days.length })
}

/**
 * What came of a change, where the change was made. It stays until the next one: the way back is in the page, not in a
 * message that disappears. Success is announced politely, a failure immediately.
 */
export function ChangeOutcome({
  outcome,
  childName,
  onUndo,
  isOffice = false,
}: {
  outcome: Outcome | null
  childName: string
  onUndo: (action: MealAction, days: Day[]) => void
  /** The computer is not the family's: nothing is installed on it. */
  isOffice?: boolean
}) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (outcome) box.current?.scrollIntoView?.({ block: 'nearest' })
  }, [outcome])
  return (
    <div ref={box} className="empty:hidden [&:not(:empty)]:mb-4" aria-live="polite">
      {outcome?.answer.ok === false && <NothingChanged answer={outcome.answer} />}
      {outcome?.answer.ok && (
        <Changed answer={outcome.answer} action={outcome.action} childName={childName} onUndo={onUndo} />
      )}
      {!isOffice && outcome?.answer.ok && outcome.action === 'cancel' && (
        <div className="mt-3">
          <InstallHint />
        </div>
      )}
    </div>
  )
}

function NothingChanged({ answer: { code, message } }: { answer: Extract<ChangeAnswer, { ok: false }> }) {
  const t = useWords()
  return (
    <Notice
      kind={code === 'meals:already-so' ? 'info' : 'error'}
      live
      title={
        code === 'request:unreachable' ? t('Non sappiamo se è cambiato qualcosa') : t('Non è cambiato niente')
      }
    >
      <p>{message}</p>
      {code === 'request:signed-out' && (
        // A bare question mark loads this page again: it sends a signed-out person to sign in, and back.
        <p className="mt-2">
          <a href="?">{t('Accedi di nuovo')}</a>
        </p>
      )}
    </Notice>
  )
}

function Changed({
  answer: { changed, notChanged, receiptNumber, receiptPath },
  action,
  childName,
  onUndo,
}: {
  answer: Extract<ChangeAnswer, { ok: true }>
  action: MealAction
  childName: string
  onUndo: (action: MealAction, days: Day[]) => void
}) {
  const t = useWords()
  const days = changed.map(({ day }) => day)
  return (
    <Notice
      kind={notChanged.length > 0 ? 'warning' : 'success'}
      title={whatHappened(t, childName, action, days)}
      action={
        <>
          <ButtonLink href={receiptPath} look="secondary" icon="receipt-text">
            {t('Ricevuta')}
          </ButtonLink>
          <Button type="button" look="quiet" icon="undo-2" onClick={() => onUndo(inverseOf(action), days)}>
            {t('Annulla la modifica')}
          </Button>
        </>
      }
    >
      <p>{t('Ricevuta n. {receiptNumber}.', { receiptNumber })}</p>
      {notChanged.length > 0 && (
        <ul className="mt-1 list-disc ps-5">
          {notChanged.map(({ day, reason }) => (
            <li key={day}>
              {longDay(day, t.language)}: {reason}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  )
}
