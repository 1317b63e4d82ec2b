import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DayPicker } from '#components/office/day-picker.tsx'
import { HatchClasses, HatchLegend } from '#components/office/hatch.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { parseDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { hatchSchools, hatchSheet } from '#lib/kitchen/hatch.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { exactTimeInRome, longDayWithYear } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Diete al banco' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** Who has which diet, school by school, for those who serve: only special plates have a name. */
export default async function Hatch({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { giorno, scuola }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const asked = giorno === undefined ? null : parseDay(giorno)
  if (giorno !== undefined && asked === null) notFound()
  const found = await hatchSchools(viewer, asked)
  if (!found) notFound()
  const { day, today, schools } = found
  const counts = `/admin/${municipalitySlug}/conteggi`
  const path = `${counts}/banco`
  const sheet = isUuid(scuola) ? await hatchSheet(viewer, { schoolId: scuola, day }) : null
  const file = (format: string) => `${path}/${scuola}/${format}?giorno=${day}`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Conteggi', href: counts },
          ...(sheet
            ? [{ label: 'Diete al banco', href: `${path}?giorno=${day}` }, { label: sheet.schoolName }]
            : [{ label: 'Diete al banco' }]),
        ]}
      />
      <PageHeading
        title={sheet ? sheet.schoolName : 'Diete al banco'}
        lead={longDayWithYear(day)}
        actions={
          sheet && (
            <>
              <PrintButton />
              <ButtonLink href={file('foglio')} look="secondary" icon="download" download>
                Foglio grande (PDF)
              </ButtonLink>
              <ButtonLink href={file('etichette')} look="secondary" icon="download" download>
                Etichette (PDF)
              </ButtonLink>
            </>
          )
        }
      />
      {sheet ? (
        <>
          <Notice title={sheet.isProvisional ? 'Provvisorio' : 'Definitivo'}>
            <p>
              Letto alle {exactTimeInRome(sheet.readAt)}: resta scritto nel registro.{' '}
              {sheet.isProvisional && 'Le famiglie possono ancora cambiare. '}I nomi sono solo di chi non ha
              il piatto comune.
            </p>
          </Notice>
          <HatchClasses classes={sheet.classes} />
          <HatchLegend diets={sheet.diets} />
        </>
      ) : (
        <Choice path={path} day={day} today={today} schools={schools} />
      )}
    </>
  )
}

type Found = NonNullable<Awaited<ReturnType<typeof hatchSchools>>>

/** Which school, of those that have meals on the day. */
function Choice({ path, day, today, schools }: Found & { path: string }) {
  return (
    <>
      <DayPicker path={path} day={day} today={today} />
      {day < today ? (
        <EmptyState icon="utensils-crossed" title="I giorni passati non si leggono qui">
          <p>Chi ha quale dieta serve a chi serve i pasti: oggi e nei giorni che vengono.</p>
        </EmptyState>
      ) : schools.length === 0 ? (
        <EmptyState icon="utensils-crossed" title="In questo giorno la mensa non c’è">
          <p>Scegli un altro giorno.</p>
        </EmptyState>
      ) : (
        <Card title="Scegli la scuola" titleId="scuole">
          <ul className="grid gap-2 sm:grid-cols-2">
            {schools.map(({ id, name }) => (
              <li key={id}>
                <a className="tap" href={`${path}?giorno=${day}&scuola=${id}`}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}
