'use client'

import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import type { Day } from '#lib/kernel/day.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { type ColleagueAction, ColleagueForm } from './colleague-form.tsx'

type Props = {
  municipalitySlug: string
  roleId: string
  /** The end that is registered. */
  lastDay: Day | null
  initial: FormState<never>
  action: ColleagueAction
}

const ENDS = [
  ['now', 'Subito', 'Al prossimo clic è fuori, anche dalle pagine già aperte.'],
  ['day', 'Alla fine di un giorno', 'Quel giorno lavora ancora.'],
  ['never', 'Senza una fine', 'Vale finché non lo togli.'],
] as const

/** Ends a role, or changes its end. */
export function RoleEndForm({ municipalitySlug, roleId, lastDay, initial, action }: Props) {
  return (
    <ColleagueForm
      hidden={{ municipalitySlug, roleId }}
      starting={{ lastDay: lastDay ?? '' }}
      initial={initial}
      action={action}
      confirmLabel="Conferma"
    >
      {(typed, errors) => (
        <>
          <ChoiceGroup name="end" legend="Quando finisce" error={errors.end}>
            {ENDS.map(([value, label, hint], index) => (
              <Choice
                key={value}
                id={index === 0 ? 'end' : `end-${value}`}
                name="end"
                value={value}
                label={label}
                hint={hint}
                defaultChecked={typed.end === value}
              />
            ))}
          </ChoiceGroup>
          <Field
            name="lastDay"
            type="date"
            label="Ultimo giorno"
            hint="Serve solo con «Alla fine di un giorno»."
            error={errors.lastDay}
            defaultValue={typed.lastDay ?? ''}
            className="max-w-60"
          />
        </>
      )}
    </ColleagueForm>
  )
}
