'use client'

import type { ReactNode } from 'react'
import { Said } from '#components/language/said.tsx'
import { Choice, ChoiceGroup, Field, FieldError, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { type FormAnswer, listOf, textOf } from '#lib/forms/conditions.ts'
import { useWords } from '#words'

/** A question as a screen draws it: what the rules know of it and a browser does not need stays on the server. */
export type AskedField = {
  id: string
  kind: string
  label: string
  hint: string
  required: boolean
  options: readonly { value: string; label: string; hint?: string }[]
  accept: string
  types: string
  when: { field: string; is: string } | null
}

export type KeptDocument = { id: string; field: string; name: string; size: string }

/** The name of a field in the form that is sent. */
export const nameOf = (field: Pick<AskedField, 'id' | 'kind'>): string =>
  field.kind === 'file' ? `d-${field.id}[]` : field.kind === 'choices' ? `a-${field.id}[]` : `a-${field.id}`

/** What the office wrote is Italian; the answers of the other kinds are names, or words of ours. */
const langOf = ({ kind }: AskedField) =>
  kind === 'choice' || kind === 'choices' || kind === 'school' ? 'it' : undefined

const hintOf = ({ hint }: AskedField) => hint && <span lang="it">{hint}</span>

/** From this many answers on, a list that opens is easier than a column of rows. */
const MANY = 9

type Props = {
  field: AskedField
  answer: FormAnswer | undefined
  problem: string | undefined
  documents: readonly KeptDocument[]
  documentPath: string
}

/** One question, by its kind. Optional ones say so; the rest need an answer. */
export function FieldInput({ field, answer, problem, documents, documentPath }: Props) {
  const t = useWords()
  const label = (
    <>
      <span lang="it">{field.label}</span>
      {!field.required && ` (${t('facoltativo')})`}
    </>
  )
  const name = nameOf(field)
  const common = { label, hint: hintOf(field), error: problem, name }
  switch (field.kind) {
    case 'long':
      return <TextAreaField {...common} defaultValue={textOf(answer)} maxLength={2_000} />
    case 'day':
      return <Field {...common} type="date" defaultValue={textOf(answer)} className="max-w-60" />
    case 'number':
      return (
        <Field
          {...common}
          inputMode="decimal"
          defaultValue={textOf(answer).replace('.', ',')}
          maxLength={14}
          className="max-w-60"
        />
      )
    case 'fiscalCode':
      return (
        <Field
          {...common}
          defaultValue={textOf(answer)}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          maxLength={22}
          className="max-w-80 uppercase"
        />
      )
    case 'declaration':
      return <Declaration field={field} answer={answer} problem={problem} />
    case 'file':
      return (
        <Upload
          field={field}
          label={label}
          problem={problem}
          documents={documents}
          documentPath={documentPath}
        />
      )
    case 'choice':
    case 'choices':
    case 'yesNo':
    case 'pupil':
    case 'school':
      return <Choices field={field} label={label} answer={answer} problem={problem} />
    default:
      return <Field {...common} defaultValue={textOf(answer)} maxLength={200} />
  }
}

function Choices({
  field,
  label,
  answer,
  problem,
}: {
  field: AskedField
  label: ReactNode
  answer: FormAnswer | undefined
  problem: string | undefined
}) {
  const t = useWords()
  const name = nameOf(field)
  const chosen = listOf(answer)
  if (field.options.length >= MANY && field.kind !== 'choices') {
    return (
      <SelectField
        label={label}
        hint={hintOf(field)}
        error={problem}
        name={name}
        key={chosen[0] ?? ''}
        defaultValue={chosen[0] ?? ''}
      >
        <option value="">{t('Scegli…')}</option>
        {field.options.map((option) => (
          <option key={option.value} value={option.value} lang={langOf(field)}>
            {option.label}
          </option>
        ))}
      </SelectField>
    )
  }
  return (
    <ChoiceGroup legend={label} hint={hintOf(field)} error={problem} name={name}>
      {field.options.map((option, index) => (
        <Choice
          key={option.value}
          id={index === 0 ? name : `${name}-${option.value}`}
          name={name}
          value={option.value}
          type={field.kind === 'choices' ? 'checkbox' : 'radio'}
          label={<span lang={langOf(field)}>{option.label}</span>}
          hint={option.hint && <Said text={option.hint} />}
          defaultChecked={chosen.includes(option.value)}
        />
      ))}
    </ChoiceGroup>
  )
}

function Declaration({
  field,
  answer,
  problem,
}: {
  field: AskedField
  answer: FormAnswer | undefined
  problem: string | undefined
}) {
  const name = nameOf(field)
  return (
    <div className="grid gap-2">
      {problem && <FieldError id={`${name}-errore`}>{problem}</FieldError>}
      <Choice
        id={name}
        name={name}
        value="si"
        type="checkbox"
        label={<span lang="it">{field.label}</span>}
        hint={hintOf(field)}
        aria-invalid={problem ? true : undefined}
        defaultChecked={textOf(answer) === 'si'}
      />
    </div>
  )
}

function Upload({
  field,
  label,
  problem,
  documents,
  documentPath,
}: {
  field: AskedField
  label: ReactNode
  problem: string | undefined
  documents: readonly KeptDocument[]
  documentPath: string
}) {
  const t = useWords()
  const kept = documents.filter((document) => document.field === field.id)
  const hint = (
    <>
      {hintOf(field)} {t('Tipi accettati: {types}. Al massimo 8 MB.', { types: field.types })}
    </>
  )
  return (
    <div className="grid gap-3">
      <Field
        label={label}
        hint={hint}
        error={problem}
        name={nameOf(field)}
        type="file"
        accept={field.accept}
        multiple
        className="file:me-3 file:rounded file:border-0 file:bg-primary-light file:px-3 file:py-1.5 file:font-semibold file:text-info"
      />
      {kept.length > 0 && (
        <ul className="grid gap-2">
          {kept.map((document) => (
            <li
              key={document.id}
              className="flex flex-wrap items-center justify-between gap-3 rounded border border-line bg-canvas px-4 py-2"
            >
              <span className="flex min-w-0 items-center gap-2">
                <Icon name="paperclip" className="text-primary" />
                <a href={documentPath + document.id} className="break-all">
                  {document.name}
                </a>
                <span className="text-sm text-muted">{document.size}</span>
              </span>
              <label className="flex min-h-11 items-center gap-2">
                <input type="checkbox" name="togli[]" value={document.id} className="size-5 accent-primary" />
                {t('Togli')}
                <span className="sr-only"> {document.name}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
