import { Amount } from '#components/ui/amount.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { REFUND_DECISIONS, type RefundCase, type RefundTarget } from '#lib/ledger/office/refund-case.ts'
import {
  leavingInWords,
  REFUND_DECISION_NAMES,
  REFUND_END_NAMES,
  REFUND_STATE_NAMES,
  targetInWords,
} from '#lib/ledger/office/refund-case.words.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords, longDate } from '#lib/words/format-day.ts'
import { ActForm, type OfficeAction } from './forms/act-form.tsx'
import { type PreviewAction, PreviewForm } from './preview-form.tsx'

const shown = (isShown: boolean, ...items: Datum[]): Datum[] => (isShown ? items : [])

/** What is known of a case, and what was decided. */
export function RefundFacts({ municipalitySlug, found }: { municipalitySlug: string; found: RefundCase }) {
  const { decision, decidedCents, decidedAt, takenAt, closedAt, closedWhy } = found
  const items: Datum[] = [
    { term: 'Stato', value: REFUND_STATE_NAMES[found.state] },
    {
      term: 'Famiglia',
      value: <a href={`/admin/${municipalitySlug}/famiglie/${found.householdId}`}>{found.householdName}</a>,
    },
    { term: 'Servizio', value: found.serviceName },
    { term: 'Saldo di adesso', value: <Amount cents={found.balanceCents} /> },
    { term: 'Saldo quando si è aperto', value: <Amount cents={found.openedCents} /> },
    { term: 'Perché', value: leavingInWords(found) },
    { term: 'Aperto', value: `${instantInWords(found.openedAt)}, ${found.openedBy ?? 'il portale'}` },
    ...shown(takenAt !== null, {
      term: 'Preso in carico',
      value: takenAt && `${instantInWords(takenAt)}, ${found.takenBy}`,
    }),
    ...shown(
      decision !== null,
      {
        term: 'Deciso',
        value:
          decision && `${REFUND_DECISION_NAMES[decision]}${found.targetName ? `: ${found.targetName}` : ''}`,
      },
      { term: 'Somma decisa', value: <Amount cents={decidedCents ?? 0} /> },
      { term: 'Da chi', value: decidedAt && `${found.decidedBy}, ${instantInWords(decidedAt)}` },
      { term: 'Motivo', value: found.reason },
    ),
    ...shown(closedAt !== null, {
      term: 'Chiuso',
      value:
        closedAt &&
        closedWhy &&
        `${instantInWords(closedAt)}: ${REFUND_END_NAMES[closedWhy]}${found.closedBy ? ` (${found.closedBy})` : ''}`,
    }),
  ]
  return (
    <Card title="Il caso" titleId="caso">
      <DataList narrow items={items} />
    </Card>
  )
}

type Acts<P> = {
  municipalitySlug: string
  found: RefundCase
  targets: readonly RefundTarget[]
  today: Day
  /** The reader has it in hand. */
  isOwn: boolean
  actions: { take: OfficeAction; decide: PreviewAction<P>; comesBack: OfficeAction }
}

/** What may be done with a case: nothing once it is decided or over. */
export function RefundActs<P>({ municipalitySlug, found, targets, today, isOwn, actions }: Acts<P>) {
  if (found.state === 'closed' || found.state === 'decided')
    return (
      <Notice kind="info" title={found.state === 'closed' ? 'Il caso è chiuso' : 'È deciso: resta da fare'}>
        <p>
          {found.state === 'closed'
            ? 'Non c’è più niente da decidere.'
            : 'Si decide una volta sola. Quando sul conto non resta niente, o un alunno torna, il caso si chiude da solo.'}
        </p>
      </Notice>
    )
  const hidden = { municipalitySlug, id: found.id, revision: found.revision }
  return (
    <div className="grid gap-6 print:hidden">
      {!isOwn && (
        <Card title="Chi lo segue" titleId="segue">
          <ActForm
            hidden={hidden}
            action={actions.take}
            icon="users"
            label={found.takenBy ? `Prendi in carico al posto di ${found.takenBy}` : 'Prendi in carico'}
          />
        </Card>
      )}
      <Card title="Che cosa farne" titleId="decisione">
        {found.leftOn >= today ? (
          <p>
            {dated`Fino al ${longDate(found.leftOn)} l’alunno mangia e il saldo cambia: si decide dal giorno dopo.`}
          </p>
        ) : (
          <PreviewForm
            action={actions.decide}
            hidden={hidden}
            label="Vedi che cosa succederà"
            confirm="Conferma la decisione"
            fields={decisionFields(targets)}
          />
        )}
      </Card>
      <Card title="La famiglia torna" titleId="torna">
        <ActForm
          hidden={hidden}
          action={actions.comesBack}
          icon="rotate-ccw"
          label="Chiudi il caso: la famiglia torna"
          fields={[
            {
              kind: 'line',
              name: 'reason',
              label: 'Chi l’ha detto, e quando',
              hint: 'Il saldo resta alla famiglia. Resta scritto nel registro.',
              max: 300,
            },
          ]}
        />
      </Card>
    </div>
  )
}

const decisionFields = (targets: readonly RefundTarget[]): OfficeField[] => [
  {
    kind: 'choice',
    name: 'decision',
    label: 'Decisione',
    value: '',
    options: [
      { value: '', label: 'Scegli…' },
      ...REFUND_DECISIONS.filter((one) => one !== 'sibling' || targets.length > 0).map((one) => ({
        value: one,
        label: REFUND_DECISION_NAMES[one],
      })),
    ],
  },
  ...(targets.length > 0
    ? [
        {
          kind: 'choice' as const,
          name: 'targetId',
          label: 'Su quale conto',
          hint: 'Solo per passare il credito a un fratello.',
          value: '',
          options: [
            { value: '', label: 'Nessuno' },
            ...targets.map((target) => ({ value: target.accountId, label: targetInWords(target) })),
          ],
        },
      ]
    : []),
  { kind: 'line', name: 'reason', label: 'Motivo', hint: 'Resta scritto nel registro.', max: 300 },
]
