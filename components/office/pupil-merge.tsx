import type { MergeFacts, MergeSide, StandingMerge } from '#lib/people/office/pupil-merge.ts'
import { nameOf } from '#lib/people/office/pupil-merge.words.ts'
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
  TWO_PUPILS,
  UndoMergeCard,
} from './merge-pair.tsx'

const serviceOf = ({ services }: MergeFacts, id: string): string =>
  services.find((service) => service.id === id)?.name ?? ''

const who = (families: string): PairRow<MergeSide>[] => [
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

const what = (facts: MergeFacts): PairRow<MergeSide>[] => [
  {
    label: 'Iscrizioni',
    of: ({ enrolments }) => (
      <Lines
        none="nessuna"
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
        none="nessuna"
        of={fares.map(
          ({ serviceId, band, from, to }) =>
            dated`${serviceOf(facts, serviceId)}, ${band}, dal ${numericDay(from)} al ${numericDay(to)}`,
        )}
      />
    ),
  },
  {
    label: 'Disdette da venire',
    of: ({ cancelled }) => (
      <Lines none="nessuna" of={[...new Set(cancelled.map(({ day }) => numericDay(day)))]} />
    ),
  },
]

const money = (facts: MergeFacts): PairRow<MergeSide>[] => [
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
  const rows = [...who(families), ...what(facts), ...money(facts)]
  return <ComparedPair words={TWO_PUPILS} pair={facts} rows={rows} goneId={goneId} />
}

const REASON = reasonField('dei due alunni')

const choice = (name: string, label: string, facts: MergeFacts, say: (side: MergeSide) => string) =>
  choiceOfSide(TWO_PUPILS, facts, { name, label, say })

/** Which of the two stays, and whose name, birth day and code it has. */
export function MergeForm<P>({ facts, ...form }: MergeFormProps<P> & { facts: MergeFacts }) {
  return (
    <MergeCard
      {...form}
      confirm="Conferma: sono lo stesso"
      fields={[
        choice('keep', 'Chi resta', facts, ({ householdName }) => `famiglia ${householdName}`),
        choice('name', 'Nome', facts, nameOf),
        choice('birth', 'Data di nascita', facts, ({ birthDay }) => numericDay(birthDay)),
        choice('code', 'Codice fiscale', facts, ({ fiscalCode }) => fiscalCode ?? 'senza codice fiscale'),
        REASON,
      ]}
    />
  )
}

/** Takes a merge back, while nothing stands on it. */
export function UndoMergeForm<P>(form: MergeFormProps<P> & { merge: StandingMerge }) {
  return <UndoMergeCard {...form} confirm="Conferma: sono due alunni" reason={REASON} />
}
