'use client'

import { type ReactNode, useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'

type Action = (previous: FormState, form: FormData) => Promise<FormState>
type Props = { municipalitySlug: string; action: Action }

/** What a field of these forms shows: its id apart, because two forms of one page ask for the same. */
type Drawn = { name: string; label: string; hint?: string; type?: 'email'; complete?: string }

function AskForm({
  municipalitySlug,
  action,
  prefix,
  fields,
  button,
  children,
}: Props & {
  prefix: string
  fields: readonly Drawn[]
  button: string
  children?: (state: FormState) => ReactNode
}) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState)
  const errors = state.error?.fields ?? {}
  const atFields = Object.fromEntries(
    Object.entries(errors).map(([name, words]) => [`${prefix}-${name}`, words]),
  )
  return (
    <form action={send} noValidate className="grid gap-4">
      <HiddenFields values={{ municipalitySlug }} />
      <ErrorSummary message={state.error?.message} fields={atFields} />
      {fields.map(({ name, label, hint, type, complete }) => (
        <Field
          key={name}
          id={`${prefix}-${name}`}
          name={name}
          label={label}
          hint={hint}
          type={type ?? 'text'}
          autoComplete={complete ?? 'off'}
          maxLength={200}
          defaultValue={state.typed[name] ?? ''}
          error={errors[name]}
        />
      ))}
      {children?.(state)}
      <div>
        <SubmitButton>{button}</SubmitButton>
      </div>
    </form>
  )
}

/** Asks to enrol a child who is new: then the forms of the office open. */
export function ApplyForm(props: Props) {
  const t = useWords()
  return (
    <AskForm
      {...props}
      prefix="iscrivi"
      button={t('Continua con il modulo')}
      fields={[
        {
          name: 'fiscalCode',
          label: t('Il tuo codice fiscale'),
          hint: t('Serve per controllare che sei la persona che ha fatto l’accesso.'),
        },
        { name: 'email', label: t('La tua e-mail'), type: 'email', complete: 'email' },
      ]}
    />
  )
}

/** Asks to be linked to a child who is enrolled already. */
export function LinkForm(props: Props) {
  const t = useWords()
  return (
    <AskForm
      {...props}
      prefix="collega"
      button={t('Manda la richiesta')}
      fields={[
        { name: 'fiscalCode', label: t('Il tuo codice fiscale') },
        {
          name: 'email',
          label: t('La tua e-mail'),
          hint: t('Facoltativa: ti scriviamo quando l’ufficio risponde.'),
          type: 'email',
          complete: 'email',
        },
        { name: 'childGivenName', label: t('Nome del bambino') },
        { name: 'childFamilyName', label: t('Cognome del bambino') },
        {
          name: 'childCode',
          label: t('Codice fiscale del bambino'),
          hint: t('È sulla sua tessera sanitaria. Se non ce l’hai, scrivi la classe qui sotto.'),
        },
        { name: 'childClass', label: t('Scuola e classe del bambino') },
      ]}
    >
      {({ typed, error }) => (
        <TextAreaField
          id="collega-words"
          name="words"
          label={t('Chi sei per il bambino')}
          hint={t('Facoltativo: per esempio l’altro genitore, o un nonno.')}
          rows={2}
          maxLength={1_000}
          defaultValue={typed.words ?? ''}
          error={error?.fields.words}
        />
      )}
    </AskForm>
  )
}
