import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { SIDES, type SideName, type StandingMerge } from '#lib/people/office/pupil-merge.ts'
import type { FormState } from '#lib/web/form-state.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { type PreviewAction, PreviewForm } from './preview-form.tsx'

/** What two that may be one are called, each of which Italian says in its gender. */
export type PairWords = { caption: string; one: string; other: string; gone: string }

export const TWO_PUPILS: PairWords = {
  ...{ caption: 'I due alunni', one: 'Il primo', other: 'Il secondo', gone: 'unito all’altro' },
}
export const TWO_ADULTS: PairWords = { ...TWO_PUPILS, caption: 'I due adulti' }
export const TWO_HOUSEHOLDS: PairWords = {
  ...{ caption: 'Le due famiglie', one: 'La prima', other: 'La seconda', gone: 'unita all’altra' },
}

/** The two that a colleague looks at. */
export type Pair<Side> = { one: Side; other: Side }

/** A line of the comparison: what each of the two has. */
export type PairRow<Side> = { label: string; of: (side: Side) => ReactNode }

/** Values one under the other in a cell. */
export function Lines({ of, none }: { of: readonly string[]; none: string }) {
  if (of.length === 0) return none
  return of.map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ))
}

/** What the two have, line by line. */
export function ComparedPair<Side extends { id: string }>({
  words,
  pair,
  rows,
  goneId,
}: {
  words: PairWords
  pair: Pair<Side>
  rows: readonly PairRow<Side>[]
  /** The one that went, of two that are merged. */
  goneId: string | null
}) {
  return (
    <Card flush>
      <Table caption={words.caption} captionHidden>
        <thead>
          <tr>
            <th scope="col" className="max-sm:px-2!">
              Che cosa
            </th>
            {SIDES.map((name) => (
              <th key={name} scope="col" className="max-sm:px-2!">
                {words[name]}
                {goneId && (
                  <span className="block font-normal">{pair[name].id === goneId ? words.gone : 'resta'}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, of }) => (
            <tr key={label}>
              <th scope="row" className="font-normal text-muted max-sm:px-2! max-sm:text-sm">
                {label}
              </th>
              {SIDES.map((name) => (
                <td key={name} className="max-sm:px-2! max-sm:text-sm">
                  {of(pair[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

/** The choice of one of the two, each said by what tells it from the other. */
export const choiceOfSide = <Side,>(
  words: PairWords,
  pair: Pair<Side>,
  { name, label, say }: { name: string; label: string; say: (side: Side) => string },
): OfficeField => ({
  ...{ kind: 'choice', name, label, value: 'one' },
  options: SIDES.map((side: SideName) => ({
    value: side,
    label: `${words[side].toLowerCase()}: ${say(pair[side])}`,
  })),
})

/** @param whose register keeps it: *dei due alunni* */
export const reasonField = (whose: string): OfficeField => ({
  ...{ kind: 'line', name: 'reason', label: 'Motivo', max: 200 },
  hint: `Resta scritto nel registro ${whose}.`,
})

/** What a form of a merge needs beside its fields. */
export type MergeFormProps<P> = {
  hidden: Readonly<Record<string, string>>
  /** Where the person comes back from SPID or CIE: with what was typed. */
  initial?: FormState<never>
  action: PreviewAction<P>
}

/** Previews and makes of two one. */
export function MergeCard<P>({
  confirm,
  fields,
  ...form
}: MergeFormProps<P> & { confirm: string; fields: OfficeField[] }) {
  return (
    <Card title="Unisci" titleId="unisci" className="print:hidden">
      <PreviewForm {...form} label="Vedi che cosa succederà" confirm={confirm} fields={fields} />
    </Card>
  )
}

/** Previews and takes a merge back, while nothing stands on it. */
export function UndoMergeCard<P>({
  merge,
  confirm,
  reason,
  ...form
}: MergeFormProps<P> & { merge: StandingMerge; confirm: string; reason: OfficeField }) {
  return (
    <Card title="Annulla l’unione" titleId="annulla" className="print:hidden">
      <p className="mb-4">
        {merge.doneBy}, {instantInWords(merge.doneAt)}.
      </p>
      <PreviewForm {...form} label="Vedi che cosa succederà" confirm={confirm} fields={[reason]} />
    </Card>
  )
}
