'use client'

import { Field } from '#components/ui/field.tsx'
import type { Day } from '#lib/kernel/day.ts'
import type { RolePlaces } from '#lib/people/office/colleague.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { type ColleagueAction, ColleagueForm } from './colleague-form.tsx'
import { RoleChoices } from './role-choices.tsx'

type Props = {
  municipalitySlug: string
  today: Day
  places: RolePlaces
  initial: FormState<never>
  action: ColleagueAction
}

/** Invites a colleague by fiscal code. */
export function InviteForm({ municipalitySlug, today, places, initial, action }: Props) {
  return (
    <ColleagueForm
      hidden={{ municipalitySlug }}
      starting={{ from: today }}
      initial={initial}
      action={action}
      confirmLabel="Conferma e invita"
    >
      {(typed, errors) => {
        const field = (name: string) => ({
          name,
          defaultValue: typed[name] ?? '',
          error: errors[name],
          autoComplete: 'off',
        })
        return (
          <>
            <Field
              {...field('fiscalCode')}
              label="Codice fiscale"
              hint="16 lettere e cifre, o le 11 cifre di un codice provvisorio."
              maxLength={24}
              className="uppercase"
            />
            <div className="grid gap-4 sm:grid-cols-2">
              <Field {...field('givenName')} label="Nome" maxLength={80} />
              <Field {...field('familyName')} label="Cognome" maxLength={80} />
            </div>
            <Field
              {...field('birthDay')}
              type="date"
              label="Data di nascita"
              hint="Serve solo con un codice di 11 cifre."
              className="max-w-60"
            />
            <Field
              {...field('email')}
              type="email"
              label="E-mail (facoltativa)"
              hint="Se la scrivi, parte un messaggio con l’indirizzo da cui entrare."
            />
            <RoleChoices places={places} typed={typed} errors={errors} />
          </>
        )
      }}
    </ColleagueForm>
  )
}
