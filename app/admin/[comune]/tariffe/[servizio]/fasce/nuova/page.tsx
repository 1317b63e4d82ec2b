import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/session/session.request.ts'
import { bandFields, priceFields } from '#lib/tariffs/office/tariff.fields.ts'
import { serviceTariff } from '#lib/tariffs/office/tariff.queries.ts'
import { newBand } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Nuova fascia' }

/** A new band with its first price; a price of zero is a meal that costs nothing. */
export default async function NewBand({ params }: { params: Promise<{ comune: string; servizio: string }> }) {
  const { comune: municipalitySlug, servizio } = await params
  const service = await serviceTariff(await requireViewer(municipalitySlug), servizio)
  if (!service) notFound()
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Tariffe', href: `/admin/${municipalitySlug}/tariffe` }, { label: 'Nuova fascia' }]}
      />
      <PageHeading
        title="Nuova fascia di prezzo"
        lead="Un prezzo più basso, che l’ufficio dà a un alunno da un giorno a un altro."
      />
      <Card>
        <PreviewForm
          action={newBand}
          hidden={{ municipalitySlug, serviceId: service.id }}
          fields={[
            {
              kind: 'line',
              name: 'code',
              label: 'Codice',
              hint: 'Breve, per esempio A o B2. Le famiglie lo leggono accanto al prezzo: non scrivere il reddito.',
              max: 12,
            },
            ...bandFields(),
            ...priceFields(service.firstDay).map((field) =>
              field.name === 'price'
                ? { ...field, hint: 'Per esempio 3,20. Con 0 il pasto è gratuito.' }
                : field,
            ),
          ]}
          label="Crea la fascia"
        />
      </Card>
    </>
  )
}
