'use client'

import { useActionState } from 'react'
import { Ticks } from '#components/office/ticks.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { DietCode } from '#lib/diets/diet-code.ts'
import { ALLERGEN_CODES, ALLERGENS } from '#lib/menus/allergen.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

type Props = {
  municipalitySlug: string
  /** Null for a new one. */
  diet: DietCode | null
  /** The codes that it may join. */
  others: readonly { code: string; name: string }[]
  action: (previous: FormState, form: FormData) => Promise<FormState>
}

/** Everything that the office says of a diet's code. */
export function DietCodeForm({ municipalitySlug, diet, others, action }: Props) {
  const [{ typed, error }, send] = useActionState<FormState, FormData>(action, UNTOUCHED)
  const errors = error?.fields ?? {}
  const ticked = (name: string, saved: readonly string[]) => (error ? (typed[name] ?? '').split(',') : saved)
  return (
    <form action={send} noValidate className="grid max-w-3xl gap-6">
      <HiddenFields
        values={diet ? { municipalitySlug, code: diet.code, revision: diet.revision } : { municipalitySlug }}
      />
      <ErrorSummary message={error?.message} fields={errors} />
      {!diet && (
        <Field
          name="code"
          label="Codice"
          hint="Lo legge la cucina: breve, per esempio D04."
          maxLength={12}
          defaultValue={typed.code}
          error={errors.code}
        />
      )}
      <Field
        name="name"
        label="Che cosa vuol dire"
        hint="Lo leggono l’ufficio e la famiglia che ce l’ha, mai la cucina."
        maxLength={80}
        defaultValue={typed.name ?? diet?.name}
        error={errors.name}
      />
      <TextAreaField
        name="legend"
        label="Che cosa fa la cucina (facoltativo)"
        hint="Per esempio: vassoio a parte, posate proprie."
        rows={2}
        maxLength={300}
        defaultValue={typed.legend ?? diet?.legend}
        error={errors.legend}
      />
      <Ticks
        legend="Allergeni che evita"
        name="allergens[]"
        ticked={ticked('allergens[]', diet?.allergens ?? [])}
        choices={ALLERGEN_CODES.map((code) => ({
          code,
          words: <span className="first-letter:uppercase">{ALLERGENS[code]}</span>,
        }))}
      />
      {others.length > 0 && (
        <Ticks
          legend="Unisce queste diete (per chi ne ha due)"
          name="parts[]"
          ticked={ticked('parts[]', diet?.parts ?? [])}
          choices={others.map(({ code, name }) => ({ code, words: `${code} · ${name}` }))}
        />
      )}
      <Field
        name="from"
        label="Si può dare dal (facoltativo)"
        type="date"
        className="max-w-60"
        defaultValue={typed.from ?? diet?.from ?? ''}
        error={errors.from}
      />
      <div>
        <SubmitButton pendingLabel="Un momento…">{diet ? 'Salva la dieta' : 'Crea la dieta'}</SubmitButton>
      </div>
    </form>
  )
}
