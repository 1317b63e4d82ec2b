'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { actionFor, type MealAction } from '#lib/meals/meal-state.ts'
import { longDay } from '#lib/words/format-day.ts'
import { type Phrase, type Plural, phrase, plural } from '#lib/words/language.ts'
import { useWords } from '#words'
import type { SheetDay } from './day-sheet.tsx'

const VERBS: Record<MealAction, { button: Phrase; question: Plural }> = {
  cancel: {
    button: phrase('Segna assenti'),
    question: plural('Segnare assente {n} giorno?', 'Segnare assenti {n} giorni?'),
  },
  restore: {
    button: phrase('Ripristina'),
    question: plural('Ripristinare {n} giorno?', 'Ripristinare {n} giorni?'),
  },
}

/**
 * Choosing several days. Days of both kinds may be chosen together: each verb says for how many of them it is meant, and
 * nothing is guessed. Before it happens the days are read back.
 */
export function SelectionBar({
  chosen,
  onStart,
  onCancel,
  onChange,
}: {
  /** Null while no days are being chosen. */
  chosen: readonly SheetDay[] | null
  onStart: () => void
  onCancel: () => void
  onChange: (action: MealAction, days: Day[]) => void
}) {
  const t = useWords()
  const [asking, setAsking] = useState<MealAction | null>(null)
  if (!chosen) return <StartButton onStart={onStart} />
  const daysFor = (action: MealAction): Day[] =>
    chosen.filter(({ kind }) => actionFor(kind) === action).map(({ day }) => day)
  return (
    <div
      data-surface
      className="sticky bottom-20 z-20 mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border-2 border-primary bg-white p-3 shadow-high lg:bottom-4"
    >
      <p className="font-semibold text-ink" role="status">
        {chosen.length === 0
          ? t('Tocca i giorni da cambiare')
          : t(plural('{n} giorno scelto', '{n} giorni scelti'), { n: chosen.length })}
      </p>
      <div className="flex flex-wrap gap-2">
        {(['cancel', 'restore'] as const).map(
          (action) =>
            daysFor(action).length > 0 && (
              <Button
                key={action}
                type="button"
                look={action === 'cancel' ? 'danger' : 'primary'}
                onClick={() => setAsking(action)}
              >
                {t(VERBS[action].button)} ({daysFor(action).length})
              </Button>
            ),
        )}
        <Button type="button" look="quiet" onClick={onCancel}>
          {t('Annulla')}
        </Button>
      </div>
      <ConfirmDialog
        asking={asking}
        days={asking ? daysFor(asking) : []}
        onClose={() => setAsking(null)}
        onConfirm={(action, days) => {
          setAsking(null)
          onChange(action, days)
        }}
      />
    </div>
  )
}

function StartButton({ onStart }: { onStart: () => void }) {
  const t = useWords()
  return (
    <Button
      type="button"
      look="secondary"
      icon="calendar-check"
      className="mt-4 print:hidden"
      onClick={onStart}
    >
      {t('Seleziona più giorni')}
    </Button>
  )
}

/** Reads the days back before they change. */
function ConfirmDialog({
  asking,
  days,
  onClose,
  onConfirm,
}: {
  asking: MealAction | null
  days: Day[]
  onClose: () => void
  onConfirm: (action: MealAction, days: Day[]) => void
}) {
  const t = useWords()
  return (
    <Dialog
      open={asking !== null && days.length > 0}
      onClose={onClose}
      title={asking ? t(VERBS[asking].question, { n: days.length }) : ''}
    >
      <ul className="list-disc ps-5">
        {days.map((day) => (
          <li key={day}>{longDay(day, t.language)}</li>
        ))}
      </ul>
      <Button
        type="button"
        wide
        className="mt-4"
        look={asking === 'cancel' ? 'danger' : 'primary'}
        onClick={() => asking && onConfirm(asking, days)}
      >
        {t('Conferma')}
      </Button>
    </Dialog>
  )
}
