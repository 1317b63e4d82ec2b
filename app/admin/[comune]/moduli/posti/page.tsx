import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PlacesForm } from '#components/office/forms/places-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { yearCounts } from '#lib/forms/office/places.queries.ts'
import type { ClassCount } from '#lib/forms/office/places.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readPage } from '#lib/web/pagination.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { savePlaces } from './actions.ts'

export const metadata: Metadata = { title: 'Classi e posti' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = { posti: 'I posti sono salvati: valgono per le prossime accettazioni insieme.' }

/** How many pupils each class of a year has, against its places, and how many enrolments wait for each school. */
export default async function Places({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { anno, fatto, pagina }] = await Promise.all([params, searchParams])
  const counts = await yearCounts(
    await requireViewer(municipalitySlug),
    readText(anno) || null,
    readPage(readText(pagina)),
  )
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
      />
      <Done sentences={DONE} code={fatto} />
      {schools.length === 0 && <EmptyState icon="users" title="Quest’anno non ha ancora classi" />}
      <div className="grid items-start gap-6 xl:grid-cols-2">
        {schools.map(([schoolId, schoolName]) => (
          <SchoolCounts
            key={schoolId}
            municipalitySlug={municipalitySlug}
            yearName={counts.yearName}
            page={counts.page}
            base={base}
            school={{ id: schoolId, name: schoolName }}
            classes={counts.classes.filter((one) => one.schoolId === schoolId)}
            waiting={counts.waiting.find((one) => one.schoolId === schoolId)?.n ?? 0}
          />
        ))}
      </div>
      <div className="mt-4">
        <Pagination
          label="Pagine delle scuole"
          page={counts.page}
          pages={counts.pages}
          hrefOf={(page) =>
            `${base}/posti?${new URLSearchParams({ anno: counts.yearName, pagina: String(page) })}`
          }
        />
      </div>
    </>
  )
}

const waitingInWords = (n: number): string => {
  if (n === 0) return 'nessuna domanda aspetta'
  return n === 1 ? '1 domanda aspetta' : `${n} domande aspettano`
}

function SchoolCounts({
  municipalitySlug,
  yearName,
  page,
  base,
  school,
  classes,
  waiting,
}: {
  municipalitySlug: string
  yearName: string
  page: number
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
          {pupils} iscritti, {waitingInWords(waiting)}
        </a>
      }
    >
      <PlacesForm
        key={JSON.stringify(classes.map(({ places }) => places))}
        hidden={{ municipalitySlug, yearName, page: String(page) }}
        schoolName={school.name}
        classes={classes}
        action={savePlaces}
      />
    </Card>
  )
}
