import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BatchPreview } from '#components/meals/batch-preview.tsx'
import { ContactFields } from '#components/office/contact-fields.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { readBatch } from '#lib/meals/meal-change.http.ts'
import { batchFields } from '#lib/meals/meal-change.input.ts'
import { mealRefusalInWords } from '#lib/meals/meal-change.refusals.ts'
import { officeCalendarPath, officeMealsApi } from '#lib/meals/office/on-behalf.address.ts'
import { previewForOffice } from '#lib/meals/office/on-behalf.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readEvery, readFirst, type SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Controlla e conferma' }

type Props = { params: Promise<{ comune: string; pupilId: string }>; searchParams: Promise<SearchParams> }

/** What a choice of days would change for the family that asks: only read here, done by the form on the page. */
export default async function PreviewOnBehalf({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, pupilId }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToStaff(viewer, 'meals:change')) notFound()
  const backPath = officeCalendarPath(municipalitySlug, pupilId)
  const request = readBatch({
    ...batchFields({ get: (name) => readFirst(query[name]), getAll: (name) => readEvery(query[name]) }),
    pupilIds: [pupilId],
  })
  if (!request.ok) {
    if (request.code === 'request:not-found') notFound()
    return (
      <>
        <PageHeading title="Manca qualcosa" />
        <Notice
          kind="error"
          title="Non è cambiato niente"
          action={<ButtonLink href={backPath}>Torna al calendario</ButtonLink>}
        >
          <p>{mealRefusalInWords(request)}</p>
        </Notice>
      </>
    )
  }
  const page = await previewForOffice(viewer, request.value)
  if (page === null) notFound()
  return (
    <>
      <PageHeading title="Controlla e conferma" lead="Non è ancora cambiato niente: leggi e conferma." />
      <BatchPreview
        preview={page.preview}
        childrenOf={page.children}
        days={request.value.days}
        api={officeMealsApi(municipalitySlug)}
        formKey={randomUUID()}
        backPath={backPath}
      >
        <div className="basis-full">
          <ContactFields />
        </div>
      </BatchPreview>
    </>
  )
}
