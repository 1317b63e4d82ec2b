import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { REASON_FIELD, serviceFields } from '#components/office/enrolment-fields.ts'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { endingForOffice } from '#lib/people/office/enrolment-change.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { end } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Ultimo giorno' }

type Props = { params: Promise<{ comune: string; householdId: string; pupilId: string }> }

export default async function EndOfEnrolment({ params }: Props) {
  const { comune: municipalitySlug, householdId, pupilId } = await params
  const found = await endingForOffice(await requireViewer(municipalitySlug), householdId, pupilId)
  if (!found) notFound()
  const { pupilName, services } = found
  const families = `/admin/${municipalitySlug}/famiglie`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: 'La famiglia', href: `${families}/${householdId}` },
          { label: pupilName },
        ]}
      />
      <PageHeading
        title={`Ultimo giorno di ${pupilName}`}
        lead="Finisce l’iscrizione da un giorno, o ne cambia la fine. I giorni già contati e il saldo restano."
      />
      {services.length === 0 ? (
        <p>Non è iscritto a nessun servizio.</p>
      ) : (
        <PreviewForm
          action={end}
          hidden={{
            municipalitySlug,
            householdId,
            pupilId,
            ...(services.length === 1 ? { serviceId: services[0]?.id ?? '' } : {}),
          }}
          fields={fieldsOf(services)}
          label="Vedi che cosa succederà"
          confirm="Conferma"
        />
      )}
    </>
  )
}

type Services = NonNullable<Awaited<ReturnType<typeof endingForOffice>>>['services']

const fieldsOf = (services: Services): OfficeField[] => [
  ...serviceFields(services),
  {
    kind: 'day',
    name: 'last',
    label: 'Ultimo giorno',
    hint: services
      .map(
        ({ name, last, firstLast }) =>
          dated`${name}: adesso finisce il ${longDate(last)}; al più presto il ${longDate(firstLast)}.`,
      )
      .join(' '),
  },
  REASON_FIELD,
]
