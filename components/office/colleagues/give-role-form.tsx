'use client'

import type { Day } from '#lib/kernel/day.ts'
import type { RolePlaces } from '#lib/people/office/colleague.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { type ColleagueAction, ColleagueForm } from './colleague-form.tsx'
import { RoleChoices } from './role-choices.tsx'

type Props = {
  municipalitySlug: string
  personId: string
  today: Day
  places: RolePlaces
  initial: FormState<never>
  action: ColleagueAction
}

/** Gives a colleague one more role. */
export function GiveRoleForm({ municipalitySlug, personId, today, places, initial, action }: Props) {
  return (
    <ColleagueForm
      hidden={{ municipalitySlug, personId }}
      starting={{ from: today }}
      initial={initial}
      action={action}
      confirmLabel="Conferma e dai il ruolo"
    >
      {(typed, errors) => <RoleChoices places={places} typed={typed} errors={errors} />}
    </ColleagueForm>
  )
}
