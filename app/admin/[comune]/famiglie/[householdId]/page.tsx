import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { HandOverForm } from '#components/office/hand-over-form.tsx'
import { HouseholdRoles } from '#components/office/household-roles.tsx'
import { UndoHandOverForm } from '#components/office/undo-hand-over-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { undoableHandOver } from '#lib/people/office/hand-over.queries.ts'
import { UNDO_DAYS } from '#lib/people/office/hand-over.ts'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import type { FormState } from '#lib/web/form-state.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { changeHolder, undoChange } from './actions.ts'

export const metadata: Metadata = { title: 'Famiglia' }

type Props = {
  params: Promise<{ comune: string; householdId: string }>
  searchParams: Promise<SearchParams>
}

const DONE = {
  annullato: 'Il cambio dell’intestatario è annullato, e tutti e due hanno ricevuto un messaggio.',
  corretti: 'I dati sono corretti, e chi deve saperlo ha ricevuto un messaggio.',
}

export default async function OfficeHousehold({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, householdId }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const household = await householdForOffice(viewer, householdId)
  if (!household) notFound()
  const here = `/admin/${municipalitySlug}/famiglie/${householdId}`
  const [{ state }, undoable] = await Promise.all([
    resumedForm(municipalitySlug, viewer),
    undoableHandOver(viewer, householdId),
  ])
  const holder = household.roles.find(({ role }) => role === 'holder')
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: `/admin/${municipalitySlug}/famiglie` },
          { label: `Famiglia ${household.name}` },
        ]}
      />
      <PageHeading
        title={`Famiglia ${household.name}`}
        lead={`Alunni: ${household.pupils.map(({ name }) => name).join(', ')}`}
        actions={
          <ButtonLink
            href={`/admin/${municipalitySlug}/comunicazioni/nuova?famiglia=${householdId}`}
            look="secondary"
            icon="message-square-text"
          >
            Scrivi una comunicazione
          </ButtonLink>
        }
      />
      <Done sentences={DONE} code={fatto} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <HouseholdRoles
          household={household}
          here={here}
          mayCorrect={allowedToStaff(viewer, 'registry:correct')}
        />
        <HolderChange
          municipalitySlug={municipalitySlug}
          householdId={householdId}
          holderName={holder?.name ?? null}
          initial={state}
        />
        {undoable && (
          <HolderUndo
            municipalitySlug={municipalitySlug}
            householdId={householdId}
            change={undoable}
            initial={state}
          />
        )}
      </div>
    </>
  )
}

type Form = { municipalitySlug: string; householdId: string; initial: FormState<never> }

const HolderChange = (form: Form & { holderName: string | null }) => (
  <Card title="Cambia l’intestatario" titleId="cambia">
    <div className="mb-4">
      <Notice kind="warning" headingLevel="h3" title="Vale da subito">
        <p>
          Il conto e il saldo restano alla famiglia. Ricariche e fatture già fatte restano visibili solo a chi
          le ha pagate; il nuovo intestatario vede i movimenti da adesso in poi.
        </p>
      </Notice>
    </div>
    <HandOverForm {...form} action={changeHolder} />
  </Card>
)

const HolderUndo = ({ change, ...form }: Form & { change: { name: string; beforeName: string } }) => (
  <Card title="Annulla l’ultimo cambio" titleId="annulla">
    <p className="mb-4">
      {change.name} è l’intestatario da poco. Se è stato un errore, puoi rimettere {change.beforeName}, entro{' '}
      {UNDO_DAYS} giorni dal cambio.
    </p>
    <UndoHandOverForm {...form} action={undoChange} />
  </Card>
)
