'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { PreviewPresses } from '../preview-presses.tsx'
import type { OfficeAction } from './act-form.tsx'

type Listed = { value: string; label: string }
type Typed = {
  classId: string
  dietCode: string
  bandCode: string
  from: string
  to: string
  nextDietCode: string
  severe: string
  note: string
}
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
          {(kind === 'fare' || kind === 'diet') && (
            <Field
              label="Fino al"
              hint={kind === 'diet' ? 'Vuoto: fino alla fine dell’iscrizione.' : undefined}
              name="to"
              type="date"
              defaultValue={typed.to}
              error={errors.to}
            />
          )}
        </div>
      )}
      {kind === 'diet' && <DietEnd typed={typed} errors={errors} />}
      <TextAreaField
        label="Due parole per la famiglia"
        hint="Facoltativo."
        name="note"
        rows={2}
        maxLength={500}
        defaultValue={typed.note}
        error={errors.note}
      />
      <PreviewPresses
        preview={preview}
        confirmLabel={isCorrection ? 'Conferma la correzione' : 'Conferma e accogli'}
      />
    </form>
  )
}

/** What a diet with an end gives way to, and what the kitchen must know beside its code. */
export const DietEnd = ({
  typed,
  errors,
}: {
  typed: Pick<Typed, 'nextDietCode' | 'severe'>
  errors: Readonly<Record<string, string>>
}) => (
  <div className="grid gap-5 sm:grid-cols-2">
    <SelectField
      label="Dopo quel giorno"
      name="nextDietCode"
      key={typed.nextDietCode}
      defaultValue={typed.nextDietCode}
      error={errors.nextDietCode}
    >
      <option value={UNDECIDED_DIET}>Di nuovo da definire</option>
      <option value={COMMON_DIET}>Dieta comune</option>
    </SelectField>
    <SelectField
      label="Rischia una reazione grave?"
      name="severe"
      key={`grave ${typed.severe}`}
      defaultValue={typed.severe === 'si' ? 'si' : 'no'}
      error={errors.severe}
    >
      <option value="no">No</option>
      <option value="si">Sì: la cucina lo legge</option>
    </SelectField>
  </div>
)

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
