'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

type Props = {
  municipalitySlug: string
  id: string
  /** Whether the payer reads the note. */
  isForPayer: boolean
  action: (previous: FormState<null>, form: FormData) => Promise<FormState<null>>
}

/** Says that a payment is put right, and what was done. */
export function SettleAlarmForm({ municipalitySlug, id, isForPayer, action }: Props) {
  const [{ typed, error }, send] = useActionState<FormState<null>, FormData>(action, UNTOUCHED)
  const note = `nota-${id}`
  const problem = error?.fields.note
  return (
    <form action={send} noValidate className="grid gap-4 print:hidden">
      <HiddenFields values={{ municipalitySlug, id }} />
      <ErrorSummary message={error?.message} fields={problem ? { [note]: problem } : {}} />
      <Field
        name="note"
        id={note}
        label="Che cosa hai fatto"
        hint={
          isForPayer
            ? 'Lo legge chi ha pagato, nella pagina della ricarica. Per esempio: «Abbiamo restituito 27,00 € sulla carta».'
            : 'Resta in ufficio.'
        }
        maxLength={300}
        autoComplete="off"
        defaultValue={typed.note}
        error={problem}
      />
      <div>
        <SubmitButton look="secondary" pendingLabel="Un momento…">
          Segna come sistemato
        </SubmitButton>
      </div>
    </form>
  )
}
