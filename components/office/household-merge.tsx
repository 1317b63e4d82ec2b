import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import type {
  HouseholdFacts,
  HouseholdSide,
  StandingHouseholdMerge,
} from '#lib/people/office/household-merge.ts'
import { SIDES } from '#lib/people/office/pupil-merge.ts'
import type { FormState } from '#lib/web/form-state.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { formatBalance } from '#lib/words/format-money.ts'
import { type PreviewAction, PreviewForm } from './preview-form.tsx'

/** Values one under the other in a cell. */
function Lines({ of, none }: { of: readonly string[]; none: string }) {
  if (of.length === 0) return none
  return of.map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ))
}

type HouseholdRow = { label: string; of: (side: HouseholdSide) => ReactNode }

const rowsOf = (families: string): HouseholdRow[] => [
  { label: 'Famiglia', of: ({ id, name }) => <a href={`${families}/${id}`}>{name}</a> },
  { label: 'Chi paga', of: ({ holder }) => holder?.name ?? 'nessuno' },
  {
    label: 'Alunni',
    of: ({ pupils }) => (
      <Lines
        none="nessuno"
        of={pupils.map(({ name, birthDay }) => dated`${name}, ${numericDay(birthDay)}`)}
      />
    ),
  },
  {
    label: 'Delegati',
    of: ({ delegates }) => <Lines none="nessuno" of={delegates.map(({ name }) => name)} />,
  },
  {
    label: 'Conti',
    of: ({ accounts }) => (
      <Lines
        none="nessuno"
        of={accounts.map(({ serviceName, balanceCents }) => `${serviceName}: ${formatBalance(balanceCents)}`)}
      />
    ),
  },
  {
    label: 'In corso',
    of: ({ openTopUps, waiting, invitations, refunds }) => (
      <Lines
        none="niente"
        of={[
          ...(openTopUps > 0 ? ['una ricarica'] : []),
          ...(waiting > 0 ? ['una domanda o un trasferimento'] : []),
          ...(invitations > 0 ? ['un invito'] : []),
          ...(refunds > 0 ? ['un rimborso'] : []),
        ]}
      />
    ),
  },
]

/** What the two have, line by line. */
export function HouseholdPairTable({
  families,
  facts,
  goneId,
}: {
  families: string
  facts: HouseholdFacts
  /** The one that went, of two that are merged. */
  goneId: string | null
}) {
  const sides = [facts.one, facts.other]
  return (
    <Card flush>
      <Table caption="Le due famiglie" captionHidden>
        <thead>
          <tr>
            <th scope="col" className="max-sm:px-2!">
              Che cosa
            </th>
            {sides.map((side, at) => (
              <th key={side.id} scope="col" className="max-sm:px-2!">
                {at === 0 ? 'La prima' : 'La seconda'}
                {goneId && (
                  <span className="block font-normal">
                    {side.id === goneId ? 'unita all’altra' : 'resta'}
                  </span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(families).map(({ label, of }) => (
            <tr key={label}>
              <th scope="row" className="font-normal text-muted max-sm:px-2! max-sm:text-sm">
                {label}
              </th>
              {sides.map((side) => (
                <td key={side.id} className="max-sm:px-2! max-sm:text-sm">
                  {of(side)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

const REASON: OfficeField = {
  kind: 'line',
  name: 'reason',
  label: 'Motivo',
  hint: 'Resta scritto nel registro delle due famiglie.',
  max: 200,
}

type Resumed<P> = {
  hidden: Readonly<Record<string, string>>
  /** Where the person comes back from SPID or CIE: with what was typed. */
  initial: FormState<never>
  action: PreviewAction<P>
}

/** Which of the two stays. */
export function HouseholdMergeForm<P>({
  hidden,
  facts,
  initial,
  action,
}: Resumed<P> & { facts: HouseholdFacts }) {
  const side = { one: facts.one, other: facts.other }
  return (
    <Card title="Unisci" titleId="unisci" className="print:hidden">
      <PreviewForm
        action={action}
        hidden={hidden}
        initial={initial}
        label="Vedi che cosa succederà"
        confirm="Conferma: sono la stessa famiglia"
        fields={[
          {
            ...{ kind: 'choice', name: 'keep', label: 'Quale resta', value: 'one' },
            options: SIDES.map((name) => ({
              value: name,
              label: `${name === 'one' ? 'la prima' : 'la seconda'}: ${side[name].name}, alunni: ${side[name].pupils.length}`,
            })),
          },
          REASON,
        ]}
      />
    </Card>
  )
}

/** Takes a merge of households back, while nothing stands on it. */
export function UndoHouseholdMergeForm<P>({
  hidden,
  merge,
  initial,
  action,
}: Resumed<P> & { merge: StandingHouseholdMerge }) {
  return (
    <Card title="Annulla l’unione" titleId="annulla" className="print:hidden">
      <p className="mb-4">
        {merge.doneBy}, {instantInWords(merge.doneAt)}.
      </p>
      <PreviewForm
        action={action}
        hidden={hidden}
        initial={initial}
        label="Vedi che cosa succederà"
        confirm="Conferma: sono due famiglie"
        fields={[REASON]}
      />
    </Card>
  )
}
