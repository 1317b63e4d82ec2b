import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { keptViews } from '#lib/lists/list-view.queries.ts'
import { PUPIL_VIEWS } from '#lib/people/office/pupil.list.ts'
import { pupilList } from '#lib/people/office/pupil-list.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dropView, keepView } from '../_elenchi/actions.ts'
import { movePupilsOfList, writeToFamilies } from './actions.ts'

export const metadata: Metadata = { title: 'Alunni' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** The pupils and their enrolments: a school office has those of its schools. */
export default async function OfficePupils({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opened = await pupilList(viewer, query)
  if (!opened) notFound()
  const kept = await keptViews(viewer, opened.list.key)
  const presses = [
    ...(allowedToStaff(viewer, 'registry:correct')
      ? [{ label: 'Sposta di classe', action: movePupilsOfList }]
      : []),
    ...(allowedToStaff(viewer, 'communications:write')
      ? [{ label: 'Scrivi a queste famiglie', action: writeToFamilies }]
      : []),
  ]
  return (
    <>
      <PageHeading title="Alunni" />
      <OfficeList
        {...{ municipalitySlug, presses }}
        {...opened}
        empty={
          <p>
            Nessun alunno corrisponde: togli un filtro, o guarda anche chi ha finito o comincia più avanti.
          </p>
        }
        views={{ named: PUPIL_VIEWS, kept, keep: keepView, drop: dropView }}
        hasFiles
      />
    </>
  )
}
