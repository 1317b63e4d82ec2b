import type { HouseholdFacts, HouseholdSide } from '#lib/people/office/household-merge.ts'
import type { StandingMerge } from '#lib/people/office/pupil-merge.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatBalance } from '#lib/words/format-money.ts'
import {
  ComparedPair,
  choiceOfSide,
  Lines,
  MergeCard,
  type MergeFormProps,
  type PairRow,
  reasonField,
  TWO_HOUSEHOLDS,
  UndoMergeCard,
} from './merge-pair.tsx'

const rowsOf = (families: string): PairRow<HouseholdSide>[] => [
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
  return <ComparedPair words={TWO_HOUSEHOLDS} pair={facts} rows={rowsOf(families)} goneId={goneId} />
}

const REASON = reasonField('delle due famiglie')

/** Which of the two stays. */
export function HouseholdMergeForm<P>({ facts, ...form }: MergeFormProps<P> & { facts: HouseholdFacts }) {
  const say = ({ name, pupils }: HouseholdSide) => `${name}, alunni: ${pupils.length}`
  return (
    <MergeCard
      {...form}
      confirm="Conferma: sono la stessa famiglia"
      fields={[choiceOfSide(TWO_HOUSEHOLDS, facts, { name: 'keep', label: 'Quale resta', say }), REASON]}
    />
  )
}

/** Takes a merge of households back, while nothing stands on it. */
export function UndoHouseholdMergeForm<P>(form: MergeFormProps<P> & { merge: StandingMerge }) {
  return <UndoMergeCard {...form} confirm="Conferma: sono due famiglie" reason={REASON} />
}
