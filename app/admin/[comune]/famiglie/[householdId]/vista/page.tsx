import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { familyToLookAt } from '#lib/people/office/look.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { look } from '../actions.ts'

export const metadata: Metadata = { title: 'Vedi come la famiglia' }

type Props = { params: Promise<{ comune: string; householdId: string }> }

/** Says what the office will see and what the family will read, before it begins. */
export default async function LookAsFamily({ params }: Props) {
  const { comune: municipalitySlug, householdId } = await params
  const viewer = await requireViewer(municipalitySlug)
  const family = await familyToLookAt(viewer, householdId)
  if (!family) notFound()
  const { state } = await resumedForm(municipalitySlug, viewer)
  const families = `/admin/${municipalitySlug}/famiglie`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: `Famiglia ${family.name}`, href: `${families}/${householdId}` },
          { label: 'Vedi come la famiglia' },
        ]}
      />
      <PageHeading
        title="Vedi come la famiglia"
        lead={
          family.holderName
            ? `Il portale come lo vede ${family.holderName}, per mezz’ora al massimo.`
            : 'Questa famiglia non ha un intestatario: non c’è un portale da vedere.'
        }
      />
      {family.holderName && (
        <Card>
          <ul className="mb-5 list-disc ps-5">
            <li>Vedi soltanto: niente si può cambiare, disdire, pagare o mandare.</li>
            <li>La famiglia legge nel suo registro chi ha guardato e quando.</li>
            <li>
              Restano chiusi ricariche, fatture, moduli, questionari, profilo, dispositivi e indirizzo del
              calendario.
            </li>
            <li>Finisce quando premi «Termina», quando esci, o dopo mezz’ora.</li>
          </ul>
          <PreviewForm
            action={look}
            hidden={{ municipalitySlug, householdId }}
            fields={[
              {
                kind: 'line',
                name: 'reason',
                label: 'Perché guardi',
                hint: 'Resta scritto nel registro. Per esempio: «Chiama perché non trova il pulsante».',
                max: 200,
              },
            ]}
            label="Guarda il portale"
            icon="eye"
            initial={state}
          />
        </Card>
      )}
    </>
  )
}
