'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { FormState } from '#lib/web/form-state.ts'
import { useWords } from '#words'

type Invited = { email: string }
type Props = {
  municipalitySlug: string
  householdId: string
  pupils: { id: string; name: string }[]
  today: string
  /** What was typed before SPID or CIE were asked again, or nothing. */
  initial: FormState<never>
  action: (previous: FormState<Invited>, form: FormData) => Promise<FormState<Invited>>
}

/** Asks whom the holder invites, for whom and until when. */
export function InviteForm({ municipalitySlug, householdId, pupils, today, initial, action }: Props) {
  const t = useWords()
  const [state, send] = useActionState(action, initial as FormState<Invited>)
  const errors = state.error?.fields ?? {}
  const typed = (name: string) => state.typed[name] ?? ''
  const chosen = state.typed['pupils[]']?.split(',')
  const only = pupils.length === 1
  if (state.ok)
    return (
      <Notice kind="success" live title={t('Invito spedito')} headingLevel="h3">
        <p>
          {t(
            'Abbiamo scritto a {value}. Quando la persona risponde ti mandiamo un’e-mail. Puoi ritirare l’invito da questa pagina.',
            { value: state.value?.email ?? '' },
          )}
        </p>
      </Notice>
    )
  return (
    <form action={send} noValidate className="grid gap-5">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="householdId" value={householdId} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        name="fiscalCode"
        label={t('Codice fiscale della persona')}
        hint={t(
          '16 lettere e cifre, o le 11 cifre di un codice provvisorio: è scritto sulla tessera sanitaria. Con questo la riconosciamo quando entra con SPID o CIE.',
        )}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={24}
        className="uppercase"
        defaultValue={typed('fiscalCode')}
        error={errors.fiscalCode}
      />
      <Field
        name="email"
        type="email"
        label={t('La sua e-mail')}
        hint={t('Qui mandiamo l’invito.')}
        autoComplete="off"
        maxLength={200}
        defaultValue={typed('email')}
        error={errors.email}
      />
      {only ? (
        <input type="hidden" name="pupils[]" value={pupils[0]?.id} />
      ) : (
        <ChoiceGroup legend={t('Per quali bambini?')} name="pupils" error={errors.pupils}>
          {pupils.map((pupil) => (
            <Choice
              key={pupil.id}
              id={`pupils-${pupil.id}`}
              type="checkbox"
              name="pupils[]"
              value={pupil.id}
              label={pupil.name}
              defaultChecked={chosen?.includes(pupil.id) ?? true}
            />
          ))}
        </ChoiceGroup>
      )}
      <Field
        name="until"
        type="date"
        label={t('Ultimo giorno della delega (facoltativo)')}
        hint={t('Se lo lasci vuoto, la delega vale finché non la revochi.')}
        min={today}
        defaultValue={typed('until')}
        error={errors.until}
        className="sm:max-w-56"
      />
      <div>
        <SubmitButton icon="mail" pendingLabel={t('Spedizione…')}>
          {t('Manda l’invito')}
        </SubmitButton>
      </div>
    </form>
  )
}
