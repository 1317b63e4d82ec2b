'use client'

import { useActionState } from 'react'
import { Basis, type FieldWords, FormErrors } from '#components/office/form-errors.tsx'
import { Ticks } from '#components/office/ticks.tsx'
import { Choice, ChoiceGroup, Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { ALLERGEN_CODES, ALLERGENS, type Allergen } from '#lib/menus/allergen.ts'
import { COURSES, type Course, type Dish, dishFields } from '#lib/menus/dish.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { MenuAction } from './action-form.tsx'

const listInWords = (value: string, say: (code: string) => string): string =>
  value.split(',').filter(Boolean).map(say).join(', ')

const WORDS: FieldWords = {
  labels: {
    name: 'Nome del piatto',
    course: 'Portata',
    ingredients: 'Ingredienti',
    declared: 'Gli allergeni sono dichiarati?',
    'allergens[]': 'Allergeni',
    'diets[]': 'Non è adatto a queste diete',
  },
  inWords: (name, value) => {
    if (name === 'course') return COURSES[value as Course] ?? value
    if (name === 'declared') return value === 'si' ? 'sì' : 'non ancora'
    return name === 'allergens[]' ? listInWords(value, (code) => ALLERGENS[code as Allergen] ?? code) : value
  },
}

/** Everything the municipality says of a dish. */
export function DishForm({
  municipalitySlug,
  dish,
  diets,
  action,
}: {
  municipalitySlug: string
  dish: (Dish & { revision: number }) | null
  diets: { code: string; name: string }[]
  action: MenuAction
}) {
  const [state, send] = useActionState<FormState, FormData>(action, UNTOUCHED)
  const { typed, error } = state
  const path = `/admin/${municipalitySlug}/menu/piatti`
  const sent = error !== undefined
  const errors = error?.fields ?? {}
  const listed = (name: string, saved: readonly string[]) => (sent ? (typed[name] ?? '').split(',') : saved)
  const allergens = listed('allergens[]', dish?.allergens ?? [])
  const unsuited = listed('diets[]', dish?.unsuitedDiets ?? [])
  const declared = sent ? typed.declared : dish ? (dish.allergens ? 'si' : 'no') : undefined
  return (
    <form action={send} noValidate className="grid max-w-3xl gap-6">
      <HiddenFields values={{ municipalitySlug, id: dish?.id ?? '' }} />
      <Basis at={{ revision: dish?.revision ?? 0 }} fields={dish ? dishFields(dish) : {}} typed={typed} />
      <FormErrors state={state} words={WORDS} here={dish ? `${path}/${dish.id}` : path} />
      <Field
        name="name"
        label="Nome del piatto"
        hint="Come lo leggono le famiglie."
        maxLength={120}
        defaultValue={typed.name ?? dish?.name}
        error={errors.name}
      />
      <SelectField
        name="course"
        label="Portata"
        defaultValue={typed.course ?? dish?.course ?? 'primo'}
        error={errors.course}
      >
        {Object.entries(COURSES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextAreaField
        name="ingredients"
        label="Ingredienti (facoltativo)"
        rows={2}
        maxLength={1000}
        defaultValue={typed.ingredients ?? dish?.ingredients}
        error={errors.ingredients}
      />
      <DeclaredChoice declared={declared} error={errors.declared} />
      <Ticks
        legend="Allergeni (Reg. UE 1169/2011, allegato II)"
        name="allergens[]"
        ticked={allergens}
        choices={ALLERGEN_CODES.map((code) => ({
          code,
          words: <span className="first-letter:uppercase">{ALLERGENS[code]}</span>,
        }))}
      />
      <Ticks
        legend="Non è adatto a queste diete"
        name="diets[]"
        ticked={unsuited}
        choices={diets.map(({ code, name }) => ({
          code,
          words: (
            <span>
              {code} · {name}
            </span>
          ),
        }))}
      />
      <div>
        <SubmitButton>Salva il piatto</SubmitButton>
      </div>
    </form>
  )
}

function DeclaredChoice({ declared, error }: { declared: string | undefined; error: string | undefined }) {
  return (
    <ChoiceGroup legend="Gli allergeni sono dichiarati?" name="declared" error={error}>
      <Choice
        id="declared"
        name="declared"
        value="si"
        label="Sì: quelli spuntati qui sotto, e nessun altro"
        hint="Se non ne spunti nessuno, le famiglie leggono che non ce ne sono."
        defaultChecked={declared === 'si'}
      />
      <Choice
        id="declared-no"
        name="declared"
        value="no"
        label="Non ancora"
        hint="Il piatto non si può pubblicare finché non lo sono."
        defaultChecked={declared === 'no'}
      />
    </ChoiceGroup>
  )
}
