'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { ImportAction } from './upload-form.tsx'

type Props = {
  hidden: { municipalitySlug: string; id: string }
  unknown: readonly { key: string; words: string; pupils: number }[]
  classes: readonly { id: string; name: string; schoolName: string }[]
  action: ImportAction
}

/** Asks once for each class that is not recognised, and not once for each pupil. */
export function ClassesForm({ hidden, unknown, classes, action }: Props) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<unknown>)
  return (
    <form action={send} className="grid gap-4 rounded-lg border border-line bg-white p-4">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <h2 className="text-xl">Classi da riconoscere</h2>
      <div className="grid gap-4 sm:grid-cols-2">
        {unknown.map(({ key, words, pupils }) => (
          <SelectField
            key={key}
            name={`classe:${key}`}
            label={`«${words}»`}
            hint={`Alunni: ${pupils}`}
            defaultValue=""
          >
            <option value="">Scegli la classe</option>
            <option value="none">Non viene a mensa: lascia fuori</option>
            {classes.map(({ id, name, schoolName }) => (
              <option key={id} value={id}>
                {name}, {schoolName}
              </option>
            ))}
          </SelectField>
        ))}
      </div>
      <div>
        <SubmitButton look="secondary" icon="refresh-cw" pendingLabel="Un momento…">
          Confronta di nuovo
        </SubmitButton>
      </div>
    </form>
  )
}
