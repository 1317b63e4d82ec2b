'use client'

import { type ReactNode, useActionState } from 'react'
import { ButtonLink } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { MenuAction } from './action-form.tsx'

export type DietQuestion = {
  code: string
  name: string
  pupils: number
  /** What the menu has already for this diet; '' when the office has to say. */
  written: string
  choices: { id: string; name: string }[]
}

/** Last step of a change: what the diets eat that do not eat the new dish, then announce. */
export function ChangeConfirm({
  municipalitySlug,
  asked,
  diets,
  backHref,
  action,
  children,
}: {
  municipalitySlug: string
  asked: { day: string; schoolIds: readonly string[]; dishId: string; newDishId: string; reason: string }
  diets: DietQuestion[]
  backHref: string
  action: MenuAction
  children: ReactNode
}) {
  const [{ typed, error }, send] = useActionState<FormState, FormData>(action, UNTOUCHED)
  const { schoolIds, ...rest } = asked
  return (
    <form action={send} className="grid max-w-3xl gap-6">
      <ErrorSummary message={error?.message} fields={error?.fields} />
      {children}
      <HiddenFields values={{ municipalitySlug, ...rest }} />
      {schoolIds.map((id) => (
        <input key={id} type="hidden" name="schoolIds[]" value={id} />
      ))}
      {diets.length > 0 && (
        <fieldset className="grid gap-4">
          <legend className="mb-2 text-lg font-semibold text-ink">
            Diete che non mangiano il piatto nuovo
          </legend>
          {diets.map(({ code, name, pupils, written, choices }) => (
            <SelectField
              key={`${code}-${typed[`r-${code}`] ?? ''}`}
              name={`r-${code}`}
              label={`${code} · ${name}`}
              hint={pupils === 1 ? 'Un bambino quel giorno.' : `${pupils} bambini quel giorno.`}
              defaultValue={typed[`r-${code}`] ?? ''}
            >
              <option value="">{written ? `Come nel menù: ${written}` : 'Da scegliere'}</option>
              <option value="senza">Niente in sostituzione</option>
              {choices.map((choice) => (
                <option key={choice.id} value={choice.id}>
                  {choice.name}
                </option>
              ))}
            </SelectField>
          ))}
        </fieldset>
      )}
      <div className="flex flex-wrap gap-3">
        <SubmitButton icon="megaphone" pendingLabel="Un momento…">
          Annuncia il cambio
        </SubmitButton>
        <ButtonLink href={backHref} look="secondary">
          Torna indietro
        </ButtonLink>
      </div>
    </form>
  )
}
