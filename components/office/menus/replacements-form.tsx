'use client'

import { useActionState } from 'react'
import { Basis, type FieldWords, FormErrors } from '#components/office/form-errors.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { COURSES, type Course } from '#lib/menus/dish.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { Hidden, MenuAction } from './action-form.tsx'

/** A dish that some diets do not eat, and what they may find instead. */
export type ToReplace = {
  id: string
  name: string
  course: Course
  diets: {
    code: string
    name: string
    /** '' while nothing is written, 'senza' for nothing in its place, a dish id otherwise. */
    chosen: string
    choices: { id: string; name: string }[]
  }[]
}

function wordsOf(dishes: readonly ToReplace[]): FieldWords {
  const labels: Record<string, string> = {}
  const names = new Map<string, string>([['senza', 'niente in sostituzione']])
  for (const dish of dishes)
    for (const { code, choices } of dish.diets) {
      labels[`r-${dish.id}-${code}`] = `${dish.name}, ${code}`
      for (const { id, name } of choices) names.set(id, name)
    }
  return { labels, inWords: (_, value) => names.get(value) ?? '' }
}

/** Dish by dish, what each diet eats instead. */
export function ReplacementsForm({
  hidden,
  version,
  saved,
  here,
  dishes,
  action,
}: {
  hidden: Hidden
  version: number
  /** What is written, by field name. */
  saved: Fields
  /** The form's own page. */
  here: string
  dishes: ToReplace[]
  action: MenuAction
}) {
  const [state, send] = useActionState<FormState, FormData>(action, UNTOUCHED, here)
  const { typed } = state
  return (
    <form action={send} className="grid gap-4">
      <HiddenFields values={hidden} />
      <Basis at={{ version }} fields={saved} typed={typed} />
      <FormErrors state={state} words={wordsOf(dishes)} here={here} />
      {dishes.map((dish) => (
        <fieldset
          key={dish.id}
          data-surface
          className="rounded-lg border border-line bg-white p-4 shadow-low sm:p-5"
        >
          <legend className="float-start mb-3 w-full text-lg font-semibold text-ink">
            {dish.name} <span className="text-sm font-normal text-muted">{COURSES[dish.course]}</span>
          </legend>
          <div className="grid clear-both gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {dish.diets.map((diet) => {
              const name = `r-${dish.id}-${diet.code}`
              return (
                <SelectField
                  key={`${name}-${typed[name] ?? ''}`}
                  name={name}
                  label={`${diet.code} · ${diet.name}`}
                  defaultValue={typed[name] ?? diet.chosen}
                >
                  <option value="">Da scegliere</option>
                  <option value="senza">Niente in sostituzione</option>
                  {diet.choices.map(({ id, name: choice }) => (
                    <option key={id} value={id}>
                      {choice}
                    </option>
                  ))}
                </SelectField>
              )
            })}
          </div>
        </fieldset>
      ))}
      <div className="sticky bottom-16 z-10 -mx-1 bg-canvas px-1 py-3 lg:bottom-0">
        <SubmitButton icon="check">Salva le sostituzioni</SubmitButton>
      </div>
    </form>
  )
}
