'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { FieldError, SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { RolloverAction } from './rules-form.tsx'

/** A pupil as the list says it. `key`: the pupil in a service; only the first line of a pupil may be ticked. */
export type PupilLine = {
  key: string
  pupilId: string
  mayTick: boolean
  name: string
  family: string
  outcome: string
  why: string
  from: string
  to: string
  notes: readonly string[]
}

/** The pupils of a roll-over with what happens to each; before it is done, what the office decides for the ticked ones. */
export function PupilsForm({
  action,
  hidden,
  pupils,
  total,
  targets,
}: {
  action: RolloverAction | null
  hidden: Readonly<Record<string, string | number>>
  pupils: readonly PupilLine[]
  total: number
  targets: readonly { id: string; name: string; schoolName: string }[]
}) {
  const [state, send] = useActionState<FormState<unknown>, FormData>(action ?? stay, UNTOUCHED)
  const errors = state.error?.fields ?? {}
  const ticked = (state.typed['pupils[]'] ?? '').split(',')
  const list = (
    <PupilTable pupils={pupils} total={total} ticked={action ? ticked : null} error={errors.pupils} />
  )
  if (!action) return list
  return (
    <form action={send} noValidate className="grid gap-6">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {list}
      <div className="grid items-end gap-4 md:grid-cols-3">
        <SelectField
          name="decision"
          label="Gli alunni segnati"
          error={errors.decision}
          defaultValue={state.typed.decision ?? 'goes'}
        >
          <option value="goes">Passano con la loro classe</option>
          <option value="class">Vanno nella classe scelta qui accanto</option>
          <option value="leaves">Escono dalla mensa</option>
          <option value="rule">Come dice la regola</option>
        </SelectField>
        <SelectField
          name="toClassId"
          label="Classe dell’anno nuovo"
          error={errors.toClassId}
          defaultValue={state.typed.toClassId ?? ''}
        >
          <option value="">Nessuna</option>
          {targets.map(({ id, name, schoolName }) => (
            <option key={id} value={id}>
              {`${name} · ${schoolName}`}
            </option>
          ))}
        </SelectField>
        <div>
          <SubmitButton pendingLabel="Un momento…">Salva per gli alunni segnati</SubmitButton>
        </div>
      </div>
    </form>
  )
}

const stay: RolloverAction = async (previous) => previous

function PupilTable({
  pupils,
  total,
  ticked,
  error,
}: {
  pupils: readonly PupilLine[]
  total: number
  ticked: readonly string[] | null
  error: string | undefined
}) {
  return (
    <div>
      {error && <FieldError id="pupils-errore">{error}</FieldError>}
      <Table caption={`Alunni: ${total}`} stacks>
        <thead>
          <tr>
            <th scope="col">Alunno</th>
            <th scope="col">Che cosa succede</th>
            <th scope="col">Da</th>
            <th scope="col">A</th>
            <th scope="col">Cambia anche</th>
          </tr>
        </thead>
        <tbody>
          {pupils.map((line, at) => (
            <tr key={line.key}>
              <th scope="row">
                <PupilName line={line} id={at === 0 ? 'pupils' : undefined} ticked={ticked} />
              </th>
              <td className="sm:min-w-40">
                <strong>{line.outcome}</strong>
                <span className="block text-sm text-muted">{line.why}</span>
              </td>
              <td data-label="da">{line.from}</td>
              <td data-label="a">{line.to}</td>
              <td className="sm:min-w-40">
                {line.notes.map((note) => (
                  <span key={note} className="block text-sm">
                    {note}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function PupilName({
  line,
  id,
  ticked,
}: {
  line: PupilLine
  id: string | undefined
  ticked: readonly string[] | null
}) {
  const { pupilId, name, family } = line
  return (
    <>
      {ticked && line.mayTick ? (
        <label className="flex min-h-11 items-center gap-3">
          <input
            id={id}
            type="checkbox"
            name="pupils[]"
            value={pupilId}
            defaultChecked={ticked.includes(pupilId)}
            className="size-6 shrink-0 accent-primary"
          />
          {name}
        </label>
      ) : (
        name
      )}
      <Link href={family} prefetch={false} className="block text-sm font-normal">
        Famiglia<span className="sr-only"> di {name}</span>
      </Link>
    </>
  )
}
