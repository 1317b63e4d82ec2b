import type { AdultPairFacts, AdultRole, AdultSide } from '#lib/people/office/person-merge.ts'
import type { StandingMerge } from '#lib/people/office/pupil-merge.ts'
import { nameOf } from '#lib/people/office/pupil-merge.words.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { numericDay } from '#lib/words/format-day.ts'
import {
  ComparedPair,
  choiceOfSide,
  MergeCard,
  type MergeFormProps,
  type PairRow,
  reasonField,
  TWO_ADULTS,
  UndoMergeCard,
} from './merge-pair.tsx'

const roleInWords = ({ role, pupilIds }: AdultRole): string => {
  if (role === 'holder') return 'paga'
  return pupilIds === null ? 'delegato' : 'delegato di alcuni alunni'
}

function Roles({ families, roles }: { families: string; roles: readonly AdultRole[] }) {
  if (roles.length === 0) return 'nessuna'
  return roles.map((role) => (
    <span key={role.id} className="block">
      <a href={`${families}/${role.householdId}`}>{role.householdName}</a>: {roleInWords(role)}
    </span>
  ))
}

const rowsOf = (families: string): PairRow<AdultSide>[] => [
  { label: 'Nome', of: nameOf },
  { label: 'Data di nascita', of: ({ birthDay }) => (birthDay ? numericDay(birthDay) : 'non scritta') },
  { label: 'Codice fiscale', of: ({ fiscalCode }) => <span className="break-all">{fiscalCode}</span> },
  { label: 'E-mail', of: ({ email }) => <span className="break-all">{email ?? 'nessuna'}</span> },
  { label: 'Telefono', of: ({ phone }) => phone ?? 'nessuno' },
  { label: 'È già entrato', of: ({ hasEntered }) => (hasEntered ? 'sì' : 'no') },
  { label: 'Pagamenti e fatture', of: ({ payments }) => payments },
  {
    label: 'Domande',
    of: ({ documents, waiting }) => (waiting > 0 ? `${documents}, e una aspetta` : documents),
  },
  { label: 'Famiglie', of: ({ roles }) => <Roles families={families} roles={roles} /> },
]

/** What the two have, line by line. */
export function AdultPairTable({
  families,
  facts,
  goneId,
}: {
  families: string
  facts: AdultPairFacts
  /** The one that went, of two that are merged. */
  goneId: string | null
}) {
  return <ComparedPair words={TWO_ADULTS} pair={facts} rows={rowsOf(families)} goneId={goneId} />
}

const choice = (name: string, label: string, facts: AdultPairFacts, say: (side: AdultSide) => string) =>
  choiceOfSide(TWO_ADULTS, facts, { name, label, say })

const OTHER_CODE: OfficeField = {
  kind: 'choice',
  name: 'otherCode',
  label: 'L’altro codice',
  value: 'closes',
  options: [
    { value: 'closes', label: 'non apre più: era sbagliato o provvisorio' },
    { value: 'opens', label: 'apre ancora: è della stessa persona' },
  ],
}

const CHECKED: OfficeField = {
  kind: 'choice',
  name: 'checked',
  label: 'Hai visto un documento?',
  hint: 'Serve se sono entrati tutti e due.',
  value: 'no',
  options: [
    { value: 'no', label: 'no' },
    { value: 'si', label: 'sì: dice che i due codici sono della stessa persona' },
  ],
}

const REASON = reasonField('dei due adulti')

/** Which of the two stays, whose name and code it has, and what becomes of the other code. */
export function AdultMergeForm<P>({ facts, ...form }: MergeFormProps<P> & { facts: AdultPairFacts }) {
  return (
    <MergeCard
      {...form}
      confirm="Conferma: sono la stessa persona"
      fields={[
        choice('keep', 'Chi resta', facts, (side) => `${nameOf(side)}, ${side.fiscalCode}`),
        choice('name', 'Nome', facts, nameOf),
        choice('code', 'Codice con cui entra', facts, ({ fiscalCode }) => fiscalCode),
        OTHER_CODE,
        CHECKED,
        REASON,
      ]}
    />
  )
}

/** Takes a merge of adults back, while nothing stands on it. */
export function UndoAdultMergeForm<P>(form: MergeFormProps<P> & { merge: StandingMerge }) {
  return <UndoMergeCard {...form} confirm="Conferma: sono due persone" reason={REASON} />
}
