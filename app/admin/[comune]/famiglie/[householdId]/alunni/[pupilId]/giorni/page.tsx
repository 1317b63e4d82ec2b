import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { REASON_FIELD, serviceFields } from '#components/office/enrolment-fields.ts'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type ChangeableWeekdays, weekdaysForOffice } from '#lib/people/office/enrolment-weekdays.queries.ts'
import { writtenWeekdays } from '#lib/school/office/structure.input.ts'
import { ownWeekdaysInWords, weekdaysInWords } from '#lib/school/schedule.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { eatOnOtherDays } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Giorni in cui mangia' }

type Props = { params: Promise<{ comune: string; householdId: string; pupilId: string }> }

/** The weekdays on which a pupil eats, changed from a day on. */
export default async function WeekdaysOfPupil({ params }: Props) {
  const { comune: municipalitySlug, householdId, pupilId } = await params
  const found = await weekdaysForOffice(await requireViewer(municipalitySlug), householdId, pupilId)
  if (!found) notFound()
  const { pupilName, services } = found
  const families = `/admin/${municipalitySlug}/famiglie`
  const [only] = services.length === 1 ? services : []
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
        title={`Giorni in cui mangia ${pupilName}`}
        lead="Da un giorno in poi, per chi non mangia tutti i giorni di mensa della scuola. I giorni già contati restano."
      />
      {services.length === 0 ? (
        <p>Non è iscritto a nessun servizio.</p>
      ) : (
        <>
          <ul className="mb-6 list-disc ps-5">
            {services.map(({ id, name, weekdays, schoolWeek }) => (
              <li key={id}>
                {name}: adesso mangia {ownWeekdaysInWords(weekdays)}
                {schoolWeek.length > 0 && `; la scuola ha mensa ${weekdaysInWords(schoolWeek)}`}.
              </li>
            ))}
          </ul>
          <PreviewForm
            action={eatOnOtherDays}
            hidden={{ municipalitySlug, householdId, pupilId, ...(only ? { serviceId: only.id } : {}) }}
            fields={fieldsOf(services)}
            label="Vedi che cosa succederà"
            confirm="Conferma"
          />
        </>
      )}
    </>
  )
}

const fieldsOf = (services: ChangeableWeekdays['services']): OfficeField[] => [
  ...serviceFields(services),
  {
    kind: 'line',
    name: 'weekdays',
    label: 'Giorni in cui mangia',
    hint: 'Per esempio: lun mer ven. Vuoto: tutti i giorni della scuola.',
    max: 60,
    value: writtenWeekdays(services[0]?.weekdays ?? []),
  },
  {
    kind: 'day',
    name: 'from',
    label: 'Dal giorno',
    hint: services
      .map(({ name, firstDay }) => dated`${name}: al più presto dal ${longDate(firstDay)}.`)
      .join(' '),
  },
  REASON_FIELD,
]
