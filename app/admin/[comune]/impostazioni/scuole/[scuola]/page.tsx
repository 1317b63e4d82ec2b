import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { schoolFormFields } from '#components/office/structure/school-fields.ts'
import { WeekForm } from '#components/office/structure/week-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type SchoolYearPart, schoolSheet } from '#lib/school/office/structure.queries.ts'
import { schoolKindInWords } from '#lib/school/service.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear, numericDay } from '#lib/words/format-day.ts'
import { changeWeek, closeSchool, moreClasses, saveSchool } from '../actions.ts'

export const metadata: Metadata = { title: 'Scuola' }

type Props = { params: Promise<{ comune: string; scuola: string }>; searchParams: Promise<SearchParams> }

const DONE: Readonly<Record<string, string>> = {
  creata: 'Scuola creata: ora scegli in quali giorni si mangia',
  salvata: 'Scuola salvata',
  chiusa: 'Fine della scuola decisa',
  classi: 'Classi aggiunte',
  classe: 'Classe salvata',
  'classe-chiusa': 'Classe chiusa',
  settimana: 'Giorni e termine decisi: le famiglie interessate sono avvisate',
}

/** One school: its words, its days and classes in each year, its end. */
export default async function OneSchool({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, scuola }, { fatto }] = await Promise.all([params, searchParams])
  const school = await schoolSheet(await requireViewer(municipalitySlug), scuola)
  if (!school) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <Breadcrumb
        items={[
          { label: 'Impostazioni', href: here },
          { label: 'Scuole e classi', href: `${here}/scuole` },
          { label: school.name },
        ]}
      />
      <PageHeading
        eyebrow={schoolKindInWords(school.kind)}
        title={school.name}
        {...(school.validTo ? { lead: dated`Ha la mensa fino al ${longDayWithYear(school.validTo)}.` } : {})}
      />
      <div className="sheet-columns">
        {school.years.map((year) => (
          <Year key={year.id} municipalitySlug={municipalitySlug} schoolId={school.id} year={year} />
        ))}
        <Card title="Nome e indirizzo" titleId="parole">
          <PreviewForm
            key={school.revision}
            action={saveSchool}
            hidden={{ municipalitySlug, schoolId: school.id }}
            fields={schoolFormFields(school)}
            changes={{ revision: school.revision, here: `${here}/scuole/${school.id}` }}
            label="Salva"
          />
        </Card>
        <Card title="Chiudi la scuola" titleId="fine">
          <p className="mb-5 text-muted">
            Quando non ha più la mensa. Prima spostane gli alunni: conteggi e addebiti di prima restano.
          </p>
          <PreviewForm
            action={closeSchool}
            hidden={{ municipalitySlug, schoolId: school.id }}
            fields={[
              {
                kind: 'day',
                name: 'to',
                label: 'Ultimo giorno con la mensa',
                ...(school.validTo ? { value: school.validTo } : {}),
              },
            ]}
            label="Mostra che cosa succederà"
            confirm="Chiudi la scuola"
          />
        </Card>
      </div>
    </>
  )
}

function Year({
  municipalitySlug,
  schoolId,
  year,
}: {
  municipalitySlug: string
  schoolId: string
  year: SchoolYearPart
}) {
  const classes = `/admin/${municipalitySlug}/impostazioni/scuole/classi`
  return (
    <>
      {year.weeks.map((week) => (
        <Card
          key={week.serviceId}
          title={`${week.serviceName}, ${year.name}`}
          titleId={`settimana-${week.serviceId}-${year.id}`}
        >
          <WeekForm
            key={week.revision}
            action={changeWeek}
            municipalitySlug={municipalitySlug}
            schoolId={schoolId}
            year={year}
            week={week}
          />
        </Card>
      ))}
      <Card title={`Classi, ${year.name}`} titleId={`classi-${year.id}`}>
        {year.classes.length === 0 ? (
          <p className="mb-5">Non ce n’è nessuna.</p>
        ) : (
          <ul className="mb-5 flex flex-wrap gap-x-6 gap-y-2">
            {year.classes.map(({ id, name, validTo, pupils }) => (
              <li key={id}>
                <a href={`${classes}/${id}`}>{name}</a>{' '}
                <span className="text-sm text-muted">
                  {validTo
                    ? dated`fino al ${numericDay(validTo)}`
                    : pupils === 1
                      ? '1 alunno'
                      : `${pupils} alunni`}
                </span>
              </li>
            ))}
          </ul>
        )}
        <PreviewForm
          action={moreClasses}
          hidden={{ municipalitySlug, schoolId, yearId: year.id }}
          fields={[
            {
              kind: 'line',
              name: 'classes',
              label: 'Aggiungi classi',
              hint: 'Separate da virgole: 1A, 1B.',
              max: 1000,
            },
          ]}
          label="Aggiungi"
          look="secondary"
        />
      </Card>
    </>
  )
}
