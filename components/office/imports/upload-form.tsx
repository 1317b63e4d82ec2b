'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

/** What an act on an import answers: where it went on to another page, nothing. */
export type ImportAction = (previous: FormState<unknown>, form: FormData) => Promise<FormState<unknown>>

/** Takes the file of a school. */
export function UploadForm({ municipalitySlug, action }: { municipalitySlug: string; action: ImportAction }) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<unknown>)
  return (
    <form action={send} noValidate className="grid gap-5 *:min-w-0">
      <HiddenFields values={{ municipalitySlug }} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <Field
        name="file"
        type="file"
        label="L’elenco degli alunni"
        hint="Excel (.xlsx) o CSV, anche come esce da un registro elettronico. Al massimo 8 MB e 20.000 righe."
        error={state.error?.fields.file}
        accept=".csv,.txt,.xlsx,.xls,.tsv"
      />
      <div>
        <SubmitButton icon="upload" pendingLabel="Lo leggo…">
          Leggi il file
        </SubmitButton>
      </div>
    </form>
  )
}
