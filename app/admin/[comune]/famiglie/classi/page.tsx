import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { MoveForm } from '#components/office/move-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Viewer } from '#lib/access/viewer.ts'
import { classesToList, classListForOffice } from '#lib/people/office/enrolment-change.queries.ts'
import { classTitle } from '#lib/school/class-name.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readPage } from '#lib/web/pagination.ts'
import { readEvery, readText, type SearchParams } from '#lib/web/query-params.ts'
import { move } from './actions.ts'

export const metadata: Metadata = { title: 'Classi' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = {
  spostati: 'Fatto: gli alunni sono in questa classe, e chi deve saperlo ha ricevuto un messaggio.',
}

/** The classes of a school year, by itself the first that is not over; of the chosen one its pupils, and the form that moves them to another. */
export default async function OfficeClasses({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const offer = await classesToList(viewer)
  if (!offer) notFound()
  const classId = readText(query.classe)
  const serviceId = readText(query.servizio) || (offer.services[0]?.id ?? '')
  const families = `/admin/${municipalitySlug}/famiglie`
  const [first] = offer.classes
  const year = offer.classes.find(({ yearName }) => yearName === readText(query.anno)) ?? first
  return classId === '' ? (
    <>
      <Breadcrumb items={[{ label: 'Famiglie', href: families }, { label: 'Classi' }]} />
      <PageHeading
        title="Classi"
        eyebrow={year && `Anno scolastico ${year.yearName}`}
        lead="Apri una classe per leggere i suoi alunni o spostarli in un’altra."
      />
      <Classes
        families={families}
        offer={year ? ofYear(offer, year.yearName) : offer}
        asked={readPage(readText(query.pagina))}
      />
    </>
  ) : (
    <ClassPage
      {...{ municipalitySlug, viewer, classId, serviceId, families }}
      ticked={readEvery(query.alunno)}
      done={query.fatto}
    />
  )
}

type Offer = NonNullable<Awaited<ReturnType<typeof classesToList>>>

/** The classes of one school year. */
const ofYear = (offer: Offer, year: string): Offer => ({
  ...offer,
  classes: offer.classes.filter(({ yearName }) => yearName === year),
})

/** The classes of a page. */
const PER_PAGE = 100

function Classes({ families, offer, asked }: { families: string; offer: Offer; asked: number }) {
  const pages = Math.max(1, Math.ceil(offer.classes.length / PER_PAGE))
  const page = Math.min(asked, pages)
  const yearName = offer.classes[0]?.yearName ?? ''
  return (
    <>
      <ClassTable
        families={families}
        offer={offer}
        shown={offer.classes.slice((page - 1) * PER_PAGE, page * PER_PAGE)}
      />
      <div className="mt-4">
        <Pagination
          label="Pagine delle classi"
          page={page}
          pages={pages}
          hrefOf={(number) =>
            `${families}/classi?${new URLSearchParams({ anno: yearName, pagina: String(number) })}`
          }
        />
      </div>
    </>
  )
}

const ClassTable = ({
  families,
  offer,
  shown,
}: {
  families: string
  offer: Offer
  shown: Offer['classes']
}) => (
  <Card flush>
    <Table caption={`Classi: ${offer.classes.length}`} stacks>
      <thead>
        <tr>
          <th scope="col">Classe</th>
          <th scope="col">Alunni</th>
          <th scope="col">Scuola</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ id, name, schoolName, yearName, pupils }) => (
          <tr key={id}>
            <th scope="row">
              {offer.services.map((service, at) => (
                <span key={service.id} className="block">
                  <Link
                    href={`${families}/classi?${new URLSearchParams({ classe: id, servizio: service.id, anno: yearName })}`}
                    prefetch={false}
                    className="tap"
                  >
                    {at === 0 ? name : `${name}, ${service.name}`}
                  </Link>
                </span>
              ))}
            </th>
            <td data-label="Alunni">{pupils}</td>
            <td>{schoolName}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  </Card>
)

type ClassProps = {
  municipalitySlug: string
  viewer: Viewer
  classId: string
  serviceId: string
  families: string
  ticked: readonly string[]
  done: string | string[] | undefined
}

async function ClassPage({ municipalitySlug, viewer, classId, serviceId, families, ...query }: ClassProps) {
  const list = await classListForOffice(viewer, classId, serviceId)
  if (!list) notFound()
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: 'Classi', href: `${families}/classi` },
          { label: list.className },
        ]}
      />
      <PageHeading
        eyebrow={list.schoolName}
        title={classTitle(list.className)}
        lead={`${list.serviceName}, ${list.pupils.length === 1 ? '1 alunno' : `${list.pupils.length} alunni`}.`}
      />
      <Done sentences={DONE} code={query.done} />
      {list.pupils.length === 0 ? (
        <p>Nessun alunno in questa classe.</p>
      ) : (
        <MoveForm {...{ municipalitySlug, serviceId, families, list }} ticked={query.ticked} action={move} />
      )}
    </>
  )
}
