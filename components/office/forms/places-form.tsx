'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { Table } from '#components/ui/table.tsx'
import type { ClassCount } from '#lib/forms/office/places.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import type { OfficeAction } from './act-form.tsx'

const written = (places: number | null): string => (places === null ? '' : String(places))

/** The classes of a school with their pupils and places: all places are typed down the column and saved together. */
export function PlacesForm({
  hidden,
  schoolName,
  classes,
  action,
}: {
  hidden: Readonly<Record<string, string>>
  schoolName: string
  classes: readonly ClassCount[]
  action: OfficeAction
}) {
  const [state, send] = useActionState(action, UNTOUCHED)
  const typed = state.typed['places[]']?.split(',')
  const showsServices = classes.some(({ services }) => services.length > 1)
  return (
    <form action={send} noValidate>
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <div className="[&_tbody_td]:!py-1 [&_tbody_th]:!py-1 [&_thead_th]:!py-2">
        <Table caption={`Classi di ${schoolName}`} captionHidden>
          <thead>
            <tr>
              <th scope="col">Classe</th>
              <th scope="col">Iscritti</th>
              <th scope="col" className="print:hidden">
                Posti
              </th>
            </tr>
          </thead>
          <tbody>
            {classes.map((one, at) => (
              <ClassRow
                key={one.classId}
                one={one}
                schoolName={schoolName}
                typed={typed?.[at]}
                showsServices={showsServices}
                {...(at === 0 && state.error ? { fieldId: 'places' } : {})}
              />
            ))}
          </tbody>
        </Table>
      </div>
      <div className="border-t border-line p-3 print:hidden">
        <SubmitButton look="secondary" aria-label={`Salva i posti di ${schoolName}`}>
          Salva i posti
        </SubmitButton>
      </div>
    </form>
  )
}

function ClassRow({
  one,
  schoolName,
  typed,
  showsServices,
  fieldId,
}: {
  one: ClassCount
  schoolName: string
  typed: string | undefined
  showsServices: boolean
  /** Of the first line: where a refusal leads to. */
  fieldId?: string
}) {
  return (
    <tr>
      <th scope="row">{one.className}</th>
      <td>
        {one.pupils}
        {one.places !== null && (
          <span className="text-muted">, liberi {Math.max(0, one.places - one.pupils)}</span>
        )}
        {showsServices && (
          <span className="block text-sm text-muted">
            {one.services.map(({ name, n }) => `${name}: ${n}`).join(', ')}
          </span>
        )}
      </td>
      <td className="print:hidden">
        <input type="hidden" name="classes[]" value={one.classId} />
        <input type="hidden" name="shown[]" value={written(one.places)} />
        <input
          key={typed}
          name="places[]"
          id={fieldId}
          defaultValue={typed ?? written(one.places)}
          inputMode="numeric"
          maxLength={3}
          placeholder="senza limite"
          aria-label={`Posti di ${one.className}, ${schoolName} (vuoto: senza limite)`}
          className="min-h-11 w-32 rounded border-2 border-line-strong bg-white px-2 text-body placeholder:text-muted"
        />
      </td>
    </tr>
  )
}
