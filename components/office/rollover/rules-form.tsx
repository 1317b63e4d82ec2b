'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

export type RolloverAction = (previous: FormState<unknown>, form: FormData) => Promise<FormState<unknown>>

type Props = {
  action: RolloverAction
  hidden: Readonly<Record<string, string | number>>
  forms: readonly { id: string; title: string }[]
  diets: readonly { code: string; name: string; pupils: number }[]
  chosen: { renewalFormId: string | null; lapsingDiets: readonly string[] }
  label: string
}

/** What a roll-over asks of families, and which diets need a new certificate. */
export function RulesForm({ action, hidden, forms, diets, chosen, label }: Props) {
  const [state, send] = useActionState<FormState<unknown>, FormData>(action, UNTOUCHED)
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-5">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <SelectField
        name="renewalFormId"
        label="Le famiglie rinnovano con un modulo?"
        hint="Chi non lo ha mandato, o aspetta una decisione, resta da decidere."
        defaultValue={chosen.renewalFormId ?? ''}
      >
        <option value="">No: chi mangia adesso passa all’anno nuovo</option>
        {forms.map(({ id, title }) => (
          <option key={id} value={id}>
            Sì, con «{title}»
          </option>
        ))}
      </SelectField>
      {diets.length > 0 && (
        <fieldset>
          <legend className="mb-1 font-semibold text-ink">Diete che scadono con l’anno</legend>
          <p className="mb-2 text-sm text-muted">
            Quelle che chiedono un certificato nuovo: nell’anno nuovo quegli alunni hanno la dieta da
            definire.
          </p>
          <ul className="grid gap-1">
            {diets.map(({ code, name, pupils }) => (
              <li key={code}>
                <label className="flex min-h-11 items-center gap-3">
                  <input
                    type="checkbox"
                    name="diets[]"
                    value={code}
                    defaultChecked={chosen.lapsingDiets.includes(code)}
                    className="size-6 shrink-0 accent-primary"
                  />
                  {`${code} ${name}: alunni ${pupils}`}
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
      <div>
        <SubmitButton pendingLabel="Un momento…">{label}</SubmitButton>
      </div>
    </form>
  )
}
