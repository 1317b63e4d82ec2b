'use client'

import { type ReactNode, useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { OfficeAction } from './act-form.tsx'

/** The table of the queue, whose boxes choose requests, and what can be done with those that are chosen. */
export function BatchForm({
  hidden,
  action,
  most,
  classes,
  words,
  dueOn,
  children,
}: {
  hidden: Record<string, string>
  action: OfficeAction
  most: number
  classes: readonly { id: string; name: string }[]
  words: string
  dueOn: string
  children: ReactNode
}) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState)
  const { typed } = state
  const errors = state.error?.fields ?? {}
  return (
    <form action={send} noValidate className="grid gap-6">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {children}
      <section
        aria-labelledby="insieme"
        data-surface
        className="grid gap-5 rounded-lg border border-line bg-white p-4 shadow-low sm:p-6 print:hidden"
      >
        <h2 id="insieme" className="text-xl">
          Decidere insieme
        </h2>
        <fieldset className="grid gap-1">
          <legend className="mb-1 font-semibold text-ink">Quali domande</legend>
          <Radio value="chosen" checked={typed.which !== 'found'}>
            Quelle scelte qui sopra
          </Radio>
          <Radio value="found" checked={typed.which === 'found'}>
            Tutte quelle da decidere trovate con questi filtri (al massimo {most} insieme)
          </Radio>
        </fieldset>
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <AcceptPart classes={classes} typed={typed} errors={errors} />
          <AskPart words={words} dueOn={dueOn} typed={typed} errors={errors} />
        </div>
      </section>
    </form>
  )
}

type Part = { typed: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> }

const AcceptPart = ({
  classes,
  typed,
  errors,
}: Part & { classes: readonly { id: string; name: string }[] }) => (
  <div className="grid gap-4">
    <h3 className="text-lg">Accogliere</h3>
    <SelectField
      label="Classe per chi non ne ha una"
      hint="Facoltativa. Chi rinnova passa alla classe dopo; chi ha scritto la classe va in quella."
      name="classId"
      key={typed.classId}
      defaultValue={typed.classId ?? ''}
      error={errors.classId}
    >
      <option value="">Lascia da parte chi non ne ha una</option>
      {classes.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
    <div>
      <SubmitButton icon="eye" name="intent" value="accept" pendingLabel="Un momento…">
        Prepara l’anteprima
      </SubmitButton>
    </div>
  </div>
)

const AskPart = ({ words, dueOn, typed, errors }: Part & { words: string; dueOn: string }) => (
  <div className="grid gap-4">
    <h3 className="text-lg">Chiedere quello che manca</h3>
    <TextAreaField
      label="Messaggio"
      hint="{figlio} diventa il nome, {manca} quello che manca a ciascuna domanda."
      name="words"
      rows={3}
      maxLength={1_500}
      defaultValue={typed.words ?? words}
      error={errors.words}
    />
    <Field
      label="Entro il"
      name="dueOn"
      type="date"
      defaultValue={typed.dueOn ?? dueOn}
      error={errors.dueOn}
    />
    <div>
      <SubmitButton look="secondary" icon="send" name="intent" value="ask" pendingLabel="Un momento…">
        Prepara i messaggi
      </SubmitButton>
    </div>
  </div>
)

const Radio = ({ value, checked, children }: { value: string; checked: boolean; children: ReactNode }) => (
  <label className="flex min-h-11 items-center gap-3">
    <input
      type="radio"
      name="which"
      value={value}
      defaultChecked={checked}
      className="size-5 shrink-0 accent-primary"
    />
    <span>{children}</span>
  </label>
)

/** Ticks all boxes of this page, or none. */
export function TickAll() {
  return (
    <input
      type="checkbox"
      aria-label="Scegli tutte quelle di questa pagina"
      className="size-6 accent-primary"
      onChange={({ currentTarget: { checked, form } }) => {
        for (const box of form?.querySelectorAll<HTMLInputElement>('input[name="scelte[]"]') ?? [])
          box.checked = checked
      }}
    />
  )
}
