'use client'

import { Said } from '#components/language/said.tsx'
import { Button } from '#components/ui/button.tsx'
import { Countdown } from '#components/ui/countdown.tsx'
import { BottomSheet } from '#components/ui/dialog.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { actionFor, isChangeable, type MealAction, type StateKind } from '#lib/meals/meal-state.ts'
import { longDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { asWritten } from '#lib/words/written.ts'
import { useWords } from '#words'
import { StateChip } from './state-chip.tsx'

export type SheetDay = { day: Day; kind: StateKind; deadline: number; why: string | null }

const HOUR_MS = 3_600_000
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Why a day cannot change, in a sentence. */
function explanation(t: Words, { day, kind, deadline, why }: SheetDay): string {
  switch (kind) {
    case 'presentLate':
    case 'absentLate':
      return t('Non più modificabile: il termine era alle {day}.', {
        day: deadlineInWords(day, new Date(deadline), t),
      })
    case 'consumed':
      return t('Il pasto è stato consumato e addebitato.')
    case 'absentPast':
      return t('Era assente: nessun pasto addebitato.')
    case 'closed':
      return why
        ? t('La mensa è chiusa: {why}.', { why: asWritten(why, t.language) })
        : t('La mensa è chiusa.')
    case 'elsewhere':
      return t('È un giorno dell’altra famiglia: solo lei può cambiare il pasto, e lo paga.')
    case 'unplanned':
      return t('In questo giorno la mensa non è prevista.')
    default:
      return t('Questo giorno è fuori dal periodo della mensa.')
  }
}

/** One day, from the bottom of the screen: what it is, until when it can change, and the one thing to do about it. */
export function DaySheet({
  day: shown,
  millisLeft,
  childName,
  historyPath,
  onClose,
  onChange,
  isOffice = false,
}: {
  day: SheetDay | null
  millisLeft: number
  childName: string
  historyPath: string
  onClose: () => void
  onChange: (action: MealAction, days: Day[]) => void
  /** A colleague of the office looks: whom the family must tell is not said. */
  isOffice?: boolean
}) {
  const t = useWords()
  if (!shown) {
    return (
      <BottomSheet open={false} onClose={onClose} title="">
        {null}
      </BottomSheet>
    )
  }
  const { day, kind, deadline } = shown
  return (
    <BottomSheet open onClose={onClose} title={capitalised(longDay(day, t.language))}>
      <p className="flex flex-wrap items-center gap-3">
        <span className="font-semibold text-ink">{childName}</span>
        <StateChip kind={kind} />
      </p>
      {isChangeable(kind) ? (
        <OpenDay shown={shown} millisLeft={millisLeft} onChange={onChange} isOffice={isOffice} />
      ) : (
        <p className="mt-3">
          <Said text={explanation(t, shown)} />
        </p>
      )}
      {deadline > 0 && (
        <p className="mt-4">
          <a href={historyPath}>{t('Chi ha cambiato questo giorno e quando')}</a>
        </p>
      )}
    </BottomSheet>
  )
}

/** Until when a day can change, and the button that changes it. */
function OpenDay({
  shown: { day, kind, deadline },
  millisLeft,
  onChange,
  isOffice,
}: {
  shown: SheetDay
  millisLeft: number
  onChange: (action: MealAction, days: Day[]) => void
  isOffice: boolean
}) {
  const t = useWords()
  const action = actionFor(kind)
  return (
    <>
      <p className="mt-3">
        {t('Puoi cambiare fino alle {day}', { day: deadlineInWords(day, new Date(deadline), t) })}
        {millisLeft < HOUR_MS && (
          <>
            {' · '}
            <strong>
              <Countdown millisLeft={millisLeft} over={t('tempo scaduto')} />
            </strong>
          </>
        )}
      </p>
      <Button
        type="button"
        size="lg"
        wide
        className="mt-4"
        look={action === 'cancel' ? 'danger' : 'primary'}
        icon={action === 'cancel' ? 'user-x' : 'undo-2'}
        onClick={() => onChange(action, [day])}
      >
        {action === 'cancel' ? t('Segna assente') : t('Ripristina il pasto')}
      </Button>
      {action === 'cancel' && !isOffice && (
        <p className="mt-3 text-sm text-muted">
          {t('Ricorda di avvisare anche la scuola con il quadernino degli avvisi.')}
        </p>
      )}
    </>
  )
}
