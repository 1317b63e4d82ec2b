'use client'

import { useEffect, useRef } from 'react'
import { InstallHint } from '#components/installed/install-hint.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { inverseOf, type MealAction } from '#lib/meals/meal-state.ts'
import type { ChangeAnswer } from '#lib/meals/month-view.ts'
import { longDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { useWords } from '#words'

export type Outcome = { answer: ChangeAnswer; action: MealAction; days: Day[] }

/** "Greta: assente martedì 24 novembre", or the count when the days are many. */
function whatHappened(t: Words, childName: string, action: MealAction, days: readonly Day[]): string {
  const state = action === 'cancel' ? 'assente' : 'presente'
  return days.length <= 3
    ? `${childName}: ${state} ${days.map((day) => longDay(day, t.language)).join(', ')}`
    : `${childName}: ${state} per ${days.length} giorni`
}

/**
 * What came of a change, where the change was made. It stays until the next one: the way back is in the page, not in a
 * message that disappears. Success is announced politely, a failure immediately.
 */
export function ChangeOutcome({
  outcome,
  childName,
  onUndo,
}: {
  outcome: Outcome | null
  childName: string
  onUndo: (action: MealAction, days: Day[]) => void
}) {
  const t = useWords()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (outcome) box.current?.scrollIntoView?.({ block: 'nearest' })
  }, [outcome])
  return (
    <div ref={box} className="empty:hidden [&:not(:empty)]:mb-4" aria-live="polite">
      {outcome?.answer.ok === false && (
        <Notice
          kind={outcome.answer.code === 'meals:already-so' ? 'info' : 'error'}
          live
          title={t('Non è cambiato niente')}
        >
          <p>{t(outcome.answer.message)}</p>
          {outcome.answer.code === 'request:signed-out' && (
            // A bare question mark loads this page again: it sends a signed-out person to sign in, and back.
            <p className="mt-2">
              <a href="?">{t('Accedi di nuovo')}</a>
            </p>
          )}
        </Notice>
      )}
      {outcome?.answer.ok && (
        <Notice
          kind={outcome.answer.notChanged.length > 0 ? 'warning' : 'success'}
          title={whatHappened(
            t,
            childName,
            outcome.action,
            outcome.answer.changed.map(({ day }) => day),
          )}
          action={
            <>
              <ButtonLink href={outcome.answer.receiptPath} look="secondary" icon="receipt-text">
                {t('Ricevuta')}
              </ButtonLink>
              <Button
                type="button"
                look="quiet"
                icon="undo-2"
                onClick={() =>
                  outcome.answer.ok &&
                  onUndo(
                    inverseOf(outcome.action),
                    outcome.answer.changed.map(({ day }) => day),
                  )
                }
              >
                {t('Annulla la modifica')}
              </Button>
            </>
          }
        >
          <p>{t('Ricevuta n. {receiptNumber}.', { receiptNumber: outcome.answer.receiptNumber })}</p>
          {outcome.answer.notChanged.length > 0 && (
            <ul className="mt-1 list-disc ps-5">
              {outcome.answer.notChanged.map(({ pupilId, day, reason }) => (
                <li key={`${pupilId} ${day}`}>
                  {longDay(day, t.language)}: {reason}
                </li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      {outcome?.answer.ok && outcome.action === 'cancel' && (
        <div className="mt-3">
          <InstallHint />
        </div>
      )}
    </div>
  )
}
