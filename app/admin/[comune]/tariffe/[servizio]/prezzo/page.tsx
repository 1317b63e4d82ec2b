import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/session/session.request.ts'
import { priceFields } from '#lib/tariffs/office/tariff.fields.ts'
import { serviceTariff } from '#lib/tariffs/office/tariff.queries.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { decidePrice } from '../../actions.ts'

export const metadata: Metadata = { title: 'Nuovo prezzo' }

/** A new price of the service, from a day on: what it would touch is read first. */
export default async function NewPrice({
  params,
}: {
  params: Promise<{ comune: string; servizio: string }>
}) {
  const { comune: municipalitySlug, servizio } = await params
  const service = await serviceTariff(await requireViewer(municipalitySlug), servizio)
  if (!service) notFound()
  const current = service.prices.find(({ state }) => state === 'current')
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Tariffe', href: `/admin/${municipalitySlug}/tariffe` }, { label: 'Nuovo prezzo' }]}
      />
      <PageHeading
        title="Nuovo prezzo del pasto"
        lead={
          current
            ? `${service.name}: oggi un pasto costa ${formatEuro(current.priceCents)}.`
            : `${service.name}: oggi non c’è un prezzo.`
        }
      />
      <Card>
        <PreviewForm
          action={decidePrice}
          hidden={{ municipalitySlug, serviceId: service.id, bandCode: '' }}
          fields={priceFields(service.firstDay)}
          label="Mostra che cosa succederà"
          confirm="Conferma il prezzo"
        />
      </Card>
    </>
  )
}
