'use client'

import { type FormEvent, useState } from 'react'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { type Condition, type FormAnswer, type FormAnswers, shownFields } from '#lib/forms/conditions.ts'
import { asWritten } from '#lib/words/written.ts'
import { useWords } from '#words'
import { type AskedField, FieldInput, type KeptDocument, nameOf } from './field-input.tsx'
import { TroubleNotice } from './trouble-notice.tsx'
import { type FormAction, useSending } from './use-sending.ts'

/** What saving a step answers when something is to be put right. */
export type SavedStep = {
  revision: number
  problems: Record<string, string>
  answers: Record<string, FormAnswer>
  documents: KeptDocument[]
}

/** Only what conditions need of the steps that come before. */
export type Outline = readonly {
  when: Condition | null
  fields: readonly { id: string; when: Condition | null }[]
}[]

type Props = {
  hidden: Record<string, string>
  revision: number
  fields: readonly AskedField[]
  outline: Outline
  answers: FormAnswers
  documents: readonly KeptDocument[]
  documentPath: string
  backHref: string
  action: FormAction<SavedStep>
}

/** What stands in the form now, by field. */
function typedIn(form: HTMLFormElement, fields: readonly AskedField[]): Record<string, FormAnswer> {
  const data = new FormData(form)
  return Object.fromEntries(
    fields
      .filter(({ kind }) => kind !== 'file')
      .map((field) => [field.id, data.getAll(nameOf(field)).filter((value) => typeof value === 'string')]),
  )
}

/** What a refusal gave back, by field. */
function echoed(
  typed: Readonly<Record<string, string>>,
  fields: readonly AskedField[],
): Record<string, FormAnswer> {
  return Object.fromEntries(
    fields
      .filter((field) => typed[nameOf(field)] !== undefined)
      .map((field) => {
        const value = typed[nameOf(field)] as string
        return [field.id, field.kind === 'choices' ? value.split(',') : value]
      }),
  )
}

/** A question before what is wrong with it: "Nome: …", "Perché? …" */
const named = (label: string): string => (/[?!.:]$/.test(label) ? label : `${label}:`)

/**
 * One step of a form. Questions that hang on others appear as soon as those are answered; without JavaScript, when the
 * step is sent.
 */
export function StepForm(props: Props) {
  const { hidden, fields, outline, documentPath, backHref } = props
  const t = useWords()
  const { state, formAction, onSubmit, pending, trouble } = useSending(props.action)
  const [typed, setTyped] = useState<FormAnswers>({})
  const saved = state.value
  const answers: FormAnswers = saved
    ? { ...props.answers, ...saved.answers }
    : { ...props.answers, ...echoed(state.typed, fields) }
  const shown = shownFields(outline, { ...answers, ...typed })
  const documents = saved?.documents ?? props.documents
  const problems = saved?.problems ?? {}
  const byName = Object.fromEntries(
    fields
      .filter(({ id }) => problems[id])
      .map((field) => [nameOf(field), `${asWritten(named(field.label), t.language)} ${problems[field.id]}`]),
  )
  const look = (event: FormEvent<HTMLFormElement>) => setTyped(typedIn(event.currentTarget, fields))
  return (
    <form action={formAction} onSubmit={onSubmit} onChange={look} noValidate className="grid gap-6">
      {Object.entries({ ...hidden, revision: String(saved?.revision ?? props.revision) }).map(
        ([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ),
      )}
      <TroubleNotice trouble={trouble} />
      <ErrorSummary
        message={
          state.error?.message ??
          (Object.keys(byName).length > 0 ? t('Le altre risposte sono già salvate.') : undefined)
        }
        fields={byName}
      />
      {fields
        .filter(({ id }) => shown.has(id))
        .map((field) => (
          <FieldInput
            // A document that is kept leaves its field: it must not be sent twice.
            key={field.kind === 'file' ? `${field.id}-${saved?.revision ?? 0}` : field.id}
            field={field}
            answer={answers[field.id]}
            problem={problems[field.id]}
            documents={documents}
            documentPath={documentPath}
          />
        ))}
      <div className="flex flex-wrap gap-3">
        <Button icon={pending ? 'refresh-cw' : 'arrow-right'} aria-disabled={pending || undefined}>
          {pending ? t('Salvataggio…') : t('Salva e continua')}
        </Button>
        <Button look="secondary" name="dopo" value="esci" aria-disabled={pending || undefined}>
          {t('Salva la bozza ed esci')}
        </Button>
        <ButtonLink look="quiet" icon="arrow-left" href={backHref}>
          {t('Indietro')}
        </ButtonLink>
      </div>
    </form>
  )
}
