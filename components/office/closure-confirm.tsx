'use client'

import { type ReactNode, useActionState } from 'react'
import { ButtonLink } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type ClosureEffect, sumOfEffects } from '#lib/school/closure.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { formatEuro } from '#lib/words/format-money.ts'

type Confirm = (previous: FormState<ClosureEffect[]>, form: FormData) => Promise<FormState<ClosureEffect[]>>

const mealsInWords = (meals: number): string => (meals === 1 ? '1 pasto' : `${meals} pasti`)

/** "3 scuole, 120 pasti. Restituiti alle famiglie 648,00 €." */
function doneInWords(effects: ClosureEffect[]): string {
  const { meals, refundCents } = sumOfEffects(effects)
  const schools = effects.length === 1 ? '1 scuola' : `${effects.length} scuole`
  const refund =
    refundCents > 0
      ? `Restituiti alle famiglie ${formatEuro(refundCents)}.`
      : 'Nessun pasto era ancora addebitato: non c’era niente da restituire.'
  return `${schools}, ${mealsInWords(meals)} in meno. ${refund}`
}

/**
 * Last step: confirm, then what was done. The preview (`children`) stays on screen until it is done. It is drawn even when nothing
 * can be suspended any more: without JavaScript that is what the page looks like just after the confirmation, and it must still say *done*.
 * @param hidden the request and the sums of its preview, sent back with the confirmation
 */
export function ClosureConfirm({
  action,
  hidden,
  label,
  backHref,
  countsHref,
  possible,
  children,
}: {
  action: Confirm
  hidden: Record<string, string | number>
  label: string
  backHref: string
  countsHref: string
  /** False when the preview says that nothing can be suspended: then there is nothing to confirm. */
  possible: boolean
  children: ReactNode
}) {
  const [state, formAction] = useActionState(action, UNTOUCHED)
  if (state.ok)
    return (
      <Notice
        kind="success"
        live
        title="Mensa sospesa"
        action={
          <>
            <ButtonLink href={countsHref}>Vedi i conteggi del giorno</ButtonLink>
            <ButtonLink href={backHref} look="secondary">
              Un altro giorno
            </ButtonLink>
          </>
        }
      >
        <p>{doneInWords(state.value ?? [])}</p>
      </Notice>
    )
  return (
    <div className="grid gap-6">
      <ErrorSummary message={state.error?.message} />
      {children}
      {possible ? (
        <form action={formAction} className="flex flex-wrap gap-3">
          <HiddenFields values={hidden} />
          <SubmitButton look="danger" icon="calendar-off" pendingLabel="Sospensione in corso…">
            {label}
          </SubmitButton>
          <ButtonLink href={backHref} look="secondary">
            Annulla
          </ButtonLink>
        </form>
      ) : (
        <div>
          <ButtonLink href={backHref}>Scegli un altro giorno</ButtonLink>
        </div>
      )}
    </div>
  )
}
