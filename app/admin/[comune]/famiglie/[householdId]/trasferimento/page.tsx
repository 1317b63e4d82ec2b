import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { sendingFields } from '#components/office/transfers.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { transferOffer } from '#lib/people/office/transfer.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { send } from '../../trasferimenti/actions.ts'

export const metadata: Metadata = { title: 'Trasferisci a un altro Comune' }

type Props = { params: Promise<{ comune: string; householdId: string }> }

export default async function SendTransfer({ params }: Props) {
  const { comune: municipalitySlug, householdId } = await params
  const viewer = await requireViewer(municipalitySlug)
  const offer = await transferOffer(viewer, householdId)
  if (!offer) notFound()
  const { state } = await resumedForm(municipalitySlug, viewer)
  const families = `/admin/${municipalitySlug}/famiglie`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: `Famiglia ${offer.householdName}`, href: `${families}/${householdId}` },
          { label: 'Trasferimento' },
        ]}
      />
      <PageHeading
        title="Trasferisci a un altro Comune"
        lead="L’altro Comune legge solo quello che trovi nell’anteprima, e decide se accoglierlo. I soldi restano qui."
      />
      {offer.towns.length === 0 || offer.pupils.length === 0 ? (
        <EmptyState
          icon="circle-check"
          title={
            offer.towns.length === 0
              ? 'Nessun altro Comune usa questo portale'
              : 'In questa famiglia non c’è nessun alunno'
          }
        />
      ) : (
        <PreviewForm
          action={send}
          initial={state}
          hidden={{ municipalitySlug, householdId }}
          fields={sendingFields(offer)}
          label="Vedi che cosa succederà"
          confirm="Conferma e manda"
        />
      )}
    </>
  )
}
