'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { WorkNotices } from '#lib/desk/work-notice.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

type Props = {
  municipalitySlug: string
  notices: WorkNotices
  /** Where mails go if no other address is written; null: nowhere. */
  address: string | null
  /** What is urgent for the reader's roles. */
  urgent: readonly string[]
  action: (previous: FormState, form: FormData) => Promise<FormState>
}

/** The choices of a colleague: an address, a digest at an hour or never, what is urgent. */
export function NoticesForm({ municipalitySlug, notices, address, urgent, action }: Props) {
  const [{ typed, error }, send] = useActionState<FormState, FormData>(action, UNTOUCHED)
  const wasSent = error !== undefined
  const digest = notices.digestHour === null ? 'mai' : String(notices.digestHour)
  return (
    <form action={send} noValidate className="grid gap-6">
      <HiddenFields values={{ municipalitySlug }} />
      <ErrorSummary message={error?.message} fields={error?.fields ?? {}} />
      <Field
        name="email"
        type="email"
        label="E-mail per il lavoro"
        hint={
          address
            ? `Se la lasci vuota scriviamo a ${address}.`
            : 'Nel portale non hai un indirizzo: senza, non ti arriva niente.'
        }
        autoComplete="email"
        defaultValue={typed.email ?? notices.email}
        error={error?.fields.email}
      />
      <SelectField
        // A form that comes back is reset, and a list forgets then what was chosen in it.
        key={typed.digest}
        name="digest"
        label="Riepilogo del giorno"
        hint="Arriva solo se qualcosa aspetta."
        defaultValue={typed.digest ?? digest}
        error={error?.fields.digest}
      >
        <option value="mai">Mai</option>
        {HOURS.map((hour) => (
          <option key={hour} value={hour}>
            Ogni giorno alle {hour}:00
          </option>
        ))}
      </SelectField>
      {urgent.length > 0 && (
        <fieldset className="grid gap-2">
          <legend className="mb-2 font-semibold text-ink">Avvisi urgenti</legend>
          <label className="flex min-h-12 items-start gap-2">
            <input
              type="checkbox"
              name="urgent"
              value="si"
              defaultChecked={wasSent ? typed.urgent === 'si' : notices.isUrgent}
              className="mt-1 size-5 shrink-0 accent-primary"
            />
            <span>
              Da soli e subito, a qualunque ora
              <span className="block text-sm text-muted">
                {urgent.join(', ')}. Almeno un responsabile li riceve sempre.
              </span>
            </span>
          </label>
        </fieldset>
      )}
      <div>
        <SubmitButton>Salva</SubmitButton>
      </div>
    </form>
  )
}
