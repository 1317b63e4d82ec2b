import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { type MergeFacts, type MergeSide, SIDES, type StandingMerge } from '#lib/people/office/pupil-merge.ts'
import { nameOf } from '#lib/people/office/pupil-merge.words.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { formatBalance } from '#lib/words/format-money.ts'
import { type PreviewAction, PreviewForm } from './preview-form.tsx'

const serviceOf = ({ services }: MergeFacts, id: string): string =>
  services.find((service) => service.id === id)?.name ?? ''

/** Values one under the other in a cell. */
function Lines({ of, none = 'nessuna' }: { of: readonly string[]; none?: string }) {
  if (of.length === 0) return none
  return of.map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ))
}

type PairRow = { label: string; of: (side: MergeSide) => ReactNode }

const who = (families: string): PairRow[] => [
  { label: 'Nome', of: nameOf },
  { label: 'Data di nascita', of: ({ birthDay }) => numericDay(birthDay) },
  {
    label: 'Codice fiscale',
    of: ({ fiscalCode }) => <span className="break-all">{fiscalCode ?? 'senza codice'}</span>,
  },
  {
    label: 'Famiglia',
    of: ({ householdId, householdName }) => <a href={`${families}/${householdId}`}>{householdName}</a>,
  },
]

const what = (facts: MergeFacts): PairRow[] => [
  {
    label: 'Iscrizioni',
    of: ({ enrolments }) => (
      <Lines
        of={enrolments.map(
          ({ serviceId, where, from, to }) =>
            dated`${serviceOf(facts, serviceId)}, ${where}, dal ${numericDay(from)} al ${numericDay(to)}`,
        )}
      />
    ),
  },
  {
    label: 'Fasce',
    of: ({ fares }) => (
      <Lines
        of={fares.map(
          ({ serviceId, band, from, to }) =>
            dated`${serviceOf(facts, serviceId)}, ${band}, dal ${numericDay(from)} al ${numericDay(to)}`,
        )}
      />
    ),
  },
  {
    label: 'Disdette da venire',
    of: ({ cancelled }) => <Lines of={[...new Set(cancelled.map(({ day }) => numericDay(day)))]} />,
  },
]

const money = (facts: MergeFacts): PairRow[] => [
  { label: 'Pasti addebitati', of: ({ chargedMeals }) => chargedMeals },
  {
    label: 'Domande',
    of: ({ documents, waiting }) => (waiting > 0 ? `${documents}, una aspetta` : documents),
  },
  {
    label: 'Delegati di questo alunno',
    of: ({ delegates }) => <Lines none="nessuno" of={delegates.map(({ name }) => name)} />,
  },
  {
    label: 'Conti che resterebbero senza alunni',
    of: ({ alone }) => (
      <Lines
        none="nessuno"
        of={alone.map(({ serviceId, balanceCents }) =>
          [serviceOf(facts, serviceId), formatBalance(balanceCents)].filter(Boolean).join(': '),
        )}
      />
    ),
  },
]

/** What the two have, line by line. */
export function PairTable({
  families,
  facts,
  goneId,
}: {
  families: string
  facts: MergeFacts
  /** The one that went, of two that are merged. */
  goneId: string | null
}) {
  const sides = [facts.one, facts.other]
  return (
    <Card flush>
      <Table caption="I due alunni" captionHidden>
        <thead>
          <tr>
            <th scope="col" className="max-sm:px-2!">
              Che cosa
            </th>
            {sides.map((side, at) => (
              <th key={side.id} scope="col" className="max-sm:px-2!">
                {at === 0 ? 'Il primo' : 'Il secondo'}
                {goneId && (
                  <span className="block font-normal">
                    {side.id === goneId ? 'unito all’altro' : 'resta'}
                  </span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...who(families), ...what(facts), ...money(facts)].map(({ label, of }) => (
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

const choice = (
  name: string,
  label: string,
  facts: MergeFacts,
  say: (side: MergeSide) => string,
): OfficeField => ({
  kind: 'choice',
  name,
  label,
  value: 'one',
  options: SIDES.map((side) => ({
    value: side,
    label: `${side === 'one' ? 'il primo' : 'il secondo'}: ${say(side === 'one' ? facts.one : facts.other)}`,
  })),
})

const REASON: OfficeField = {
  kind: 'line',
  name: 'reason',
  label: 'Motivo',
  hint: 'Resta scritto nel registro dei due alunni.',
  max: 200,
}

type Hidden = Readonly<Record<string, string>>

/** Which of the two stays, and whose name, birth day and code it has. */
export function MergeForm<P>({
  hidden,
  facts,
  action,
}: {
  hidden: Hidden
  facts: MergeFacts
  action: PreviewAction<P>
}) {
  return (
    <Card title="Unisci" titleId="unisci" className="print:hidden">
      <PreviewForm
        action={action}
        hidden={hidden}
        label="Vedi che cosa succederà"
        confirm="Conferma: sono lo stesso"
        fields={[
          choice('keep', 'Chi resta', facts, ({ householdName }) => `famiglia ${householdName}`),
          choice('name', 'Nome', facts, nameOf),
          choice('birth', 'Data di nascita', facts, ({ birthDay }) => numericDay(birthDay)),
          choice('code', 'Codice fiscale', facts, ({ fiscalCode }) => fiscalCode ?? 'senza codice fiscale'),
          REASON,
        ]}
      />
    </Card>
  )
}

/** Takes a merge back, while nothing stands on it. */
export function UndoMergeForm<P>({
  hidden,
  merge,
  action,
}: {
  hidden: Hidden
  merge: StandingMerge
  action: PreviewAction<P>
}) {
  return (
    <Card title="Annulla l’unione" titleId="annulla" className="print:hidden">
      <p className="mb-4">
        {merge.doneBy}, {instantInWords(merge.doneAt)}.
      </p>
      <PreviewForm
        action={action}
        hidden={hidden}
        label="Vedi che cosa succederà"
        confirm="Conferma: sono due alunni"
        fields={[REASON]}
      />
    </Card>
  )
}
