'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { RolloverAction } from './rules-form.tsx'

type Line = {
  id: string
  name: string
  schoolName: string
  pupils: number
  moving: number
  leaving: number
  apart: number
  toClassId: string | null
  leaves: boolean
  href: string
}

/** Where each class goes: a class of the new year, out, or not decided. */
export function ClassesForm({
  action,
  hidden,
  classes,
  targets,
}: {
  action: RolloverAction
  hidden: Readonly<Record<string, string | number>>
  classes: readonly Line[]
  targets: readonly { id: string; name: string; schoolName: string }[]
}) {
  const [state, send] = useActionState<FormState<unknown>, FormData>(action, UNTOUCHED)
  return (
    <form action={send} noValidate className="grid gap-5">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <Table caption={`Classi: ${classes.length}`} stacks>
        <thead>
          <tr>
            <th scope="col">Classe</th>
            <th scope="col">Nell’anno nuovo</th>
            <th scope="col">Passano</th>
            <th scope="col">Escono</th>
            <th scope="col">Da decidere</th>
            <th scope="col">Nell’anno</th>
          </tr>
        </thead>
        <tbody>
          {classes.map((line) => (
            <tr key={line.id}>
              <th scope="row">
                <Link href={line.href} prefetch={false}>
                  {line.name}
                </Link>
                <span className="block text-sm font-normal text-muted">{line.schoolName}</span>
              </th>
              <td>
                <Destination line={line} targets={targets} />
              </td>
              <td data-label="passano">{line.moving}</td>
              <td data-label="escono">{line.leaving}</td>
              <td data-label="da decidere">{line.apart}</td>
              <td data-label="nell’anno">{line.pupils}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      <div>
        <SubmitButton pendingLabel="Un momento…">Salva dove vanno le classi</SubmitButton>
      </div>
    </form>
  )
}

const destinationOf = ({ toClassId, leaves }: Line): string => (leaves ? 'esce' : (toClassId ?? ''))

function Destination({
  line,
  targets,
}: {
  line: Line
  targets: readonly { id: string; name: string; schoolName: string }[]
}) {
  const own = targets.filter(({ schoolName }) => schoolName === line.schoolName)
  const others = targets.filter(({ schoolName }) => schoolName !== line.schoolName)
  return (
    <select
      name="to[]"
      key={destinationOf(line)}
      defaultValue={`${line.id}:${destinationOf(line)}`}
      aria-label={`Dove va la classe ${line.name}, ${line.schoolName}`}
      className="min-h-11 w-full min-w-44 rounded border-2 border-line-strong bg-white px-3 py-1 text-body"
    >
      <option value={`${line.id}:`}>Da decidere</option>
      <option value={`${line.id}:esce`}>Escono dalla mensa</option>
      <optgroup label={line.schoolName}>
        {own.map(({ id, name }) => (
          <option key={id} value={`${line.id}:${id}`}>
            {name}
          </option>
        ))}
      </optgroup>
      {others.length > 0 && (
        <optgroup label="Altre scuole">
          {others.map(({ id, name, schoolName }) => (
            <option key={id} value={`${line.id}:${id}`}>
              {`${name} · ${schoolName}`}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  )
}
