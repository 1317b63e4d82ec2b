import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { ActForm } from '#components/office/forms/act-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { type ClassCount, yearCounts } from '#lib/forms/office/places.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { savePlaces } from './actions.ts'

export const metadata: Metadata = { title: 'Classi e posti' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = { posti: 'I posti sono salvati: valgono per le prossime accettazioni insieme.' }

/** How many pupils each class of a year has, against its places, and how many enrolments wait for each school. */
export default async function Places({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { anno, fatto }] = await Promise.all([params, searchParams])
  const counts = await yearCounts(await requireViewer(municipalitySlug), readText(anno) || null)
  if (!counts) notFound()
  const base = `/admin/${municipalitySlug}/moduli`
  const schools = [...new Map(counts.classes.map((one) => [one.schoolId, one.schoolName]))]
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Moduli e domande', href: base },
          { label: 'Tutte le domande', href: `${base}/domande` },
          { label: 'Classi e posti' },
        ]}
      />
      <PageHeading
        eyebrow={counts.yearName}
        title="Classi e posti"
        lead="Quanti alunni sono iscritti in ogni classe, e quante domande aspettano."
        actions={counts.years
          .filter(({ id }) => id !== counts.yearId)
          .map(({ id, name }) => (
            <ButtonLink key={id} look="quiet" href={`${base}/posti?anno=${id}`}>
              {name}
            </ButtonLink>
          ))}
      />
      <Done sentences={DONE} code={fatto} />
      {schools.length === 0 && <EmptyState icon="users" title="Quest’anno non ha ancora classi" />}
      <div className="grid gap-6">
        {schools.map(([schoolId, schoolName]) => (
          <SchoolCounts
            key={schoolId}
            municipalitySlug={municipalitySlug}
            base={base}
            school={{ id: schoolId, name: schoolName }}
            classes={counts.classes.filter((one) => one.schoolId === schoolId)}
            waiting={counts.waiting.find((one) => one.schoolId === schoolId)?.n ?? 0}
          />
        ))}
      </div>
    </>
  )
}

function SchoolCounts({
  municipalitySlug,
  base,
  school,
  classes,
  waiting,
}: {
  municipalitySlug: string
  base: string
  school: { id: string; name: string }
  classes: readonly ClassCount[]
  waiting: number
}) {
  const pupils = classes.reduce((sum, one) => sum + one.pupils, 0)
  return (
    <Card
      title={school.name}
      titleId={`scuola-${school.id}`}
      flush
      aside={
        <a href={`${base}/domande?scuola=${school.id}`}>
          {pupils} iscritti, {waiting === 1 ? '1 domanda aspetta' : `${waiting} domande aspettano`}
        </a>
      }
    >
      <Table caption={`Classi di ${school.name}`} captionHidden>
        <thead>
          <tr>
            <th scope="col">Classe</th>
            <th scope="col">Iscritti</th>
            <th scope="col">Liberi</th>
            <th scope="col">Per servizio</th>
            <th scope="col">Posti</th>
          </tr>
        </thead>
        <tbody>
          {classes.map((one) => (
            <tr key={one.classId}>
              <th scope="row">{one.className}</th>
              <td>{one.pupils}</td>
              <td>{one.places === null ? 'Senza limite' : Math.max(0, one.places - one.pupils)}</td>
              <td>{one.services.map(({ name, n }) => `${name}: ${n}`).join(', ') || '—'}</td>
              <td className="print:hidden">
                <ActForm
                  hidden={{ municipalitySlug, classId: one.classId }}
                  action={savePlaces}
                  label="Salva"
                  title={`Salva i posti di ${one.className}`}
                  fields={[
                    {
                      kind: 'line',
                      name: 'places',
                      label: 'Posti (vuoto: senza limite)',
                      value: one.places === null ? '' : String(one.places),
                      max: 3,
                    },
                  ]}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
