import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { REASON_FIELD } from '#components/office/enrolment-fields.ts'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { erasureOffer } from '#lib/people/office/erasure.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { erase } from '../actions.ts'

export const metadata: Metadata = { title: 'Cancella una registrazione sbagliata' }

type Props = { params: Promise<{ comune: string; householdId: string }> }

export default async function EraseMistake({ params }: Props) {
  const { comune: municipalitySlug, householdId } = await params
  const viewer = await requireViewer(municipalitySlug)
  const offer = await erasureOffer(viewer, householdId)
  if (!offer) notFound()
  const { state } = await resumedForm(municipalitySlug, viewer)
  const families = `/admin/${municipalitySlug}/famiglie`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: `Famiglia ${offer.householdName}`, href: `${families}/${householdId}` },
          { label: 'Cancella' },
        ]}
      />
      <PageHeading
        title="Cancella una registrazione sbagliata"
        lead="Solo chi è stato scritto per errore: un alunno mai contato, una famiglia mai addebitata, persone mai entrate nel portale."
      />
      <div className="grid grid-cols-1 gap-6">
        <Notice kind="warning" title="Non si annulla">
          Chi esce dalla mensa non si cancella: dagli un ultimo giorno. Un nome o un codice sbagliato si
          corregge.
        </Notice>
        <PreviewForm
          action={erase}
          initial={state}
          hidden={{ municipalitySlug, householdId }}
          fields={[
            {
              kind: 'choice',
              name: 'pupilId',
              label: 'Che cosa',
              options: [
                { value: '', label: `Tutta la famiglia ${offer.householdName}` },
                ...offer.pupils.map(({ id, name }) => ({ value: id, label: `Solo ${name}` })),
              ],
            },
            { ...REASON_FIELD, hint: 'Resta scritto nel registro: non scrivere nomi o codici.' },
          ]}
          label="Vedi che cosa succederà"
          confirm="Cancella per sempre"
        />
      </div>
    </>
  )
}
