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
import {
  type ClassesOfYear,
  classesToList,
  classListForOffice,
} from '#lib/people/office/enrolment-change.queries.ts'
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
  const classId = readText(query.classe)
  const families = `/admin/${municipalitySlug}/famiglie`
  if (classId !== '')
    return (
      <ClassPage
        {...{ municipalitySlug, viewer, classId, families, serviceId: readText(query.servizio) }}
        ticked={readEvery(query.alunno)}
        done={query.fatto}
      />
    )
  const year = await classesToList(viewer, { yearName: readText(query.anno), page: readPage(query.pagina) })
  if (!year) notFound()
  return (
    <>
      <Breadcrumb items={[{ label: 'Famiglie', href: families }, { label: 'Classi' }]} />
      <PageHeading
        title="Classi"
        eyebrow={year.yearName && `Anno scolastico ${year.yearName}`}
        lead="Apri una classe per leggere i suoi alunni o spostarli in un’altra."
      />
      <Classes families={families} year={year} />
    </>
  )
}

const Classes = ({ families, year }: { families: string; year: ClassesOfYear }) => (
  <>
    <ClassTable families={families} year={year} />
    <div className="mt-4">
      <Pagination
        label="Pagine delle classi"
        page={year.page}
        pages={year.pages}
        hrefOf={(number) =>
          `${families}/classi?${new URLSearchParams({ anno: year.yearName, pagina: String(number) })}`
        }
      />
    </div>
  </>
)

const ClassTable = ({ families, year }: { families: string; year: ClassesOfYear }) => (
  <Card flush>
    <Table caption={`Classi: ${year.total}`} stacks>
      <thead>
        <tr>
          <th scope="col">Classe</th>
          <th scope="col">Alunni</th>
          <th scope="col">Scuola</th>
        </tr>
      </thead>
      <tbody>
        {year.classes.map(({ id, name, schoolName, yearName, pupils }) => (
          <tr key={id}>
            <th scope="row">
              {year.services.map((service, at) => (
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
        <MoveForm
          {...{ municipalitySlug, families, list }}
          serviceId={list.serviceId}
          ticked={query.ticked}
          action={move}
        />
      )}
    </>
  )
}
