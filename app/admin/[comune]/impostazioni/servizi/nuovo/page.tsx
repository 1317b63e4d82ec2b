import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { CANCELLED_BY, YES_OR_NO } from '#components/office/structure/service-choices.ts'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/session/session.request.ts'
import { serviceLines } from '#lib/tariffs/office/service.queries.ts'
import { newService } from '../actions.ts'

export const metadata: Metadata = { title: 'Nuovo servizio' }

/** A service with its first price, its days and who may cancel it. */
export default async function NewService({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  if (!(await serviceLines(await requireViewer(municipalitySlug)))) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Impostazioni', href: here },
          { label: 'Servizi', href: `${here}/servizi` },
          { label: 'Nuovo servizio' },
        ]}
      />
      <PageHeading
        title="Nuovo servizio"
        lead="Prima di crearlo leggi quanti giorni ha e in quali scuole. Giorni e termine si possono cambiare scuola per scuola."
      />
      <PreviewForm
        action={newService}
        hidden={{ municipalitySlug }}
        fields={[
          { kind: 'line', name: 'name', label: 'Nome', hint: 'Per esempio Merenda, Pre-scuola.', max: 60 },
          { kind: 'price', name: 'price', label: 'Prezzo al giorno' },
          { kind: 'day', name: 'from', label: 'Primo giorno' },
          {
            kind: 'line',
            name: 'weekdays',
            label: 'Giorni',
            hint: 'Per esempio: lun mar gio.',
            max: 60,
            value: 'lun mar mer gio ven',
          },
          { kind: 'line', name: 'cutoffTime', label: 'Si disdice entro le', max: 5, value: '09:30' },
          {
            kind: 'line',
            name: 'cutoffDaysBefore',
            label: 'Di quanti giorni prima',
            hint: '0 è il giorno stesso, 1 il giorno prima.',
            max: 2,
            value: '0',
          },
          { kind: 'choice', name: 'cancelledBy', label: 'Chi disdice', options: CANCELLED_BY },
          {
            kind: 'choice',
            name: 'isCooked',
            label: 'La cucina prepara qualcosa',
            options: YES_OR_NO,
          },
          {
            kind: 'choice',
            name: 'isEverywhere',
            label: 'Comincia in tutte le scuole',
            hint: 'Se no, lo decidi nella pagina di ogni scuola.',
            options: YES_OR_NO,
          },
        ]}
        label="Mostra che cosa succederà"
        confirm="Crea il servizio"
      />
    </>
  )
}
