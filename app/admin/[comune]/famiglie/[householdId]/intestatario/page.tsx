import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { HandOverForm } from '#components/office/hand-over-form.tsx'
import { UndoHandOverForm } from '#components/office/undo-hand-over-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { undoableHandOver } from '#lib/people/office/hand-over.queries.ts'
import { UNDO_DAYS } from '#lib/people/office/hand-over.ts'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { changeHolder, undoChange } from '../actions.ts'

export const metadata: Metadata = { title: 'Cambia l’intestatario' }

type Props = { params: Promise<{ comune: string; householdId: string }> }

export default async function OfficeHolder({ params }: Props) {
  const { comune: municipalitySlug, householdId } = await params
  const viewer = await requireViewer(municipalitySlug)
  const household = await householdForOffice(viewer, householdId)
  if (!household) notFound()
  const [{ state }, undoable] = await Promise.all([
    resumedForm(municipalitySlug, viewer),
    undoableHandOver(viewer, householdId),
  ])
  const families = `/admin/${municipalitySlug}/famiglie`
  const holder = household.roles.find(({ role }) => role === 'holder')
  const form = { municipalitySlug, householdId, initial: state }
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: `Famiglia ${household.name}`, href: `${families}/${householdId}` },
          { label: 'Intestatario' },
        ]}
      />
      <PageHeading
        title="Chi paga per la famiglia"
        lead={holder ? `Adesso paga ${holder.name}.` : 'Adesso non paga nessuno.'}
      />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <HolderChange {...form} holderName={holder?.name ?? null} />
        {undoable && <HolderUndo {...form} change={undoable} />}
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
