'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { OfficeAction } from './act-form.tsx'

type Listed = { value: string; label: string }
type Typed = { classId: string; dietCode: string; bandCode: string; from: string; to: string; note: string }
export type DecisionPreview = { lines: string[]; seen: string; after: string; typed: Typed }

type Props = {
  hidden: Record<string, string>
  kind: 'enrolment' | 'diet' | 'fare' | 'withdrawal' | 'other'
  proposed: Omit<Typed, 'note'>
  classes: readonly Listed[]
  diets: readonly Listed[]
  bands: readonly Listed[]
  firstDayInWords: string
  /** The submission is accepted: what was decided is corrected from a day on. */
  isCorrection: boolean
  action: OfficeAction<DecisionPreview>
}

const FROM_LABEL = {
  enrolment: 'Iscritto dal',
  diet: 'La dieta vale dal',
  fare: 'La fascia vale dal',
  withdrawal: 'Ultimo giorno di mensa',
  other: '',
} as const

/** Accepting, or correcting, in two presses: the first shows what will happen, the second does exactly that. */
export function DecisionForm({
  hidden,
  kind,
  proposed,
  classes,
  diets,
  bands,
  firstDayInWords,
  isCorrection,
  action,
}: Props) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<DecisionPreview>)
  const preview = state.value
  const errors = state.error?.fields ?? {}
  const typed = { ...proposed, note: '', ...state.typed, ...preview?.typed }
  return (
    <form action={send} noValidate className="grid gap-5">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {kind === 'enrolment' && (
        <Listing label="Classe" name="classId" value={typed.classId} items={classes} error={errors.classId} />
      )}
      {kind === 'diet' && (
        <Listing
          label="Dieta da preparare"
          name="dietCode"
          value={typed.dietCode}
          items={diets}
          error={errors.dietCode}
        />
      )}
      {kind === 'fare' && (
        <Listing
          label="Fascia di prezzo"
          name="bandCode"
          value={typed.bandCode}
          items={bands}
          error={errors.bandCode}
        />
      )}
      {kind !== 'other' && (
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            label={isCorrection && kind === 'enrolment' ? 'Nella nuova classe dal' : FROM_LABEL[kind]}
            hint={`Il primo giorno ancora aperto in cucina è ${firstDayInWords}.`}
            name="from"
            type="date"
            defaultValue={typed.from}
            error={errors.from}
          />
          {kind === 'fare' && (
            <Field label="Fino al" name="to" type="date" defaultValue={typed.to} error={errors.to} />
          )}
        </div>
      )}
      <TextAreaField
        label="Due parole per la famiglia"
        hint="Facoltativo."
        name="note"
        rows={2}
        maxLength={500}
        defaultValue={typed.note}
        error={errors.note}
      />
      <div>
        <SubmitButton
          look={preview ? 'secondary' : 'primary'}
          icon="eye"
          name="intent"
          value="preview"
          pendingLabel="Un momento…"
        >
          Mostra che cosa succederà
        </SubmitButton>
      </div>
      {preview && (
        <Notice title="Se confermi" live>
          <ul className="list-disc ps-5">
            {preview.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <HiddenFields values={{ seen: preview.seen, after: preview.after }} />
          <p className="mt-4">
            <SubmitButton icon="circle-check" name="intent" value="confirm" pendingLabel="Un momento…">
              {isCorrection ? 'Conferma la correzione' : 'Conferma e accogli'}
            </SubmitButton>
          </p>
        </Notice>
      )}
    </form>
  )
}

function Listing({
  label,
  name,
  value,
  items,
  error,
}: {
  label: string
  name: string
  value: string
  items: readonly Listed[]
  error: string | undefined
}) {
  return (
    <SelectField label={label} name={name} key={value} defaultValue={value} error={error}>
      <option value="">Scegli…</option>
      {items.map((item) => (
        <option key={item.value} value={item.value}>
          {item.label}
        </option>
      ))}
    </SelectField>
  )
}
