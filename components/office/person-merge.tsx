import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import type {
  AdultPairFacts,
  AdultRole,
  AdultSide,
  StandingAdultMerge,
} from '#lib/people/office/person-merge.ts'
import { SIDES } from '#lib/people/office/pupil-merge.ts'
import { nameOf } from '#lib/people/office/pupil-merge.words.ts'
import type { FormState } from '#lib/web/form-state.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { type PreviewAction, PreviewForm } from './preview-form.tsx'

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

type AdultRow = { label: string; of: (side: AdultSide) => ReactNode }

const rowsOf = (families: string): AdultRow[] => [
  { label: 'Nome', of: nameOf },
  { label: 'Data di nascita', of: ({ birthDay }) => (birthDay ? numericDay(birthDay) : 'non scritta') },
  { label: 'Codice fiscale', of: ({ fiscalCode }) => fiscalCode },
  { label: 'E-mail', of: ({ email }) => email ?? 'nessuna' },
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
  const sides = [facts.one, facts.other]
  return (
    <Card flush>
      <Table caption="I due adulti" captionHidden>
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
          {rowsOf(families).map(({ label, of }) => (
            <tr key={label}>
              <th scope="row" className="font-normal text-muted max-sm:px-2! max-sm:text-sm">
                {label}
              </th>
              {sides.map((side) => (
                <td key={side.id} className="break-all max-sm:px-2! max-sm:text-sm">
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
  facts: AdultPairFacts,
  say: (side: AdultSide) => string,
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

const REASON: OfficeField = {
  kind: 'line',
  name: 'reason',
  label: 'Motivo',
  hint: 'Resta scritto nel registro dei due adulti.',
  max: 200,
}

type Resumed<P> = {
  hidden: Readonly<Record<string, string>>
  /** Where the person comes back from SPID or CIE: with what was typed. */
  initial: FormState<never>
  action: PreviewAction<P>
}

/** Which of the two stays, whose name and code it has, and what becomes of the other code. */
export function AdultMergeForm<P>({
  hidden,
  facts,
  initial,
  action,
}: Resumed<P> & { facts: AdultPairFacts }) {
  return (
    <Card title="Unisci" titleId="unisci" className="print:hidden">
      <PreviewForm
        action={action}
        hidden={hidden}
        initial={initial}
        label="Vedi che cosa succederà"
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
    </Card>
  )
}

/** Takes a merge of adults back, while nothing stands on it. */
export function UndoAdultMergeForm<P>({
  hidden,
  merge,
  initial,
  action,
}: Resumed<P> & { merge: StandingAdultMerge }) {
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
        confirm="Conferma: sono due persone"
        fields={[REASON]}
      />
    </Card>
  )
}
