import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BatchPreview } from '#components/meals/batch-preview.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { calendarPath, isEater, mealsApi } from '#lib/meals/meal.address.ts'
import { previewBatch } from '#lib/meals/meal.queries.ts'
import { readBatch } from '#lib/meals/meal-change.http.ts'
import { batchFields } from '#lib/meals/meal-change.input.ts'
import { mealRefusalInWords, type SaidMealRefusal } from '#lib/meals/meal-change.refusals.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readEvery, readFirst, type SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'
import { useWords } from '#words'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Controlla e conferma') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

/** What a choice of days would change: only read here, done by the form on the page. */
export default async function PreviewOfBookings({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'meals:change')) notFound()
  const child = readEvery(query.figlio).find(isEater)
  const backPath = calendarPath(municipalitySlug, child ? { child } : {})
  const request = readBatch(
    batchFields({
      get: (name) => readFirst(query[name]),
      getAll: (name) => readEvery(query[name]),
    }),
  )
  if (!request.ok) {
    if (request.code === 'request:not-found') notFound()
    return <Impossible refusal={request} backPath={backPath} />
  }
  const page = await previewBatch(viewer, request.value)
  if (page === null) notFound()
  if (new Set(page.children.map(({ householdId }) => householdId)).size > 1) {
    return <Impossible refusal={{ code: 'meals:one-household' }} backPath={backPath} />
  }
  return (
    <>
      <PageHeading
        title={t('Controlla e conferma')}
        lead={t('Non è ancora cambiato niente: leggi e conferma.')}
      />
      <BatchPreview
        preview={page.preview}
        childrenOf={page.children}
        days={request.value.days}
        api={mealsApi(municipalitySlug)}
        formKey={randomUUID()}
        backPath={backPath}
      />
    </>
  )
}

const Impossible = ({ refusal, backPath }: { refusal: SaidMealRefusal; backPath: string }) => {
  const t = useWords()
  return (
    <>
      <PageHeading title={t('Manca qualcosa')} />
      <Notice
        kind="error"
        title={t('Non è cambiato niente')}
        action={<ButtonLink href={backPath}>{t('Torna al calendario')}</ButtonLink>}
      >
        <p>{mealRefusalInWords(refusal, t)}</p>
      </Notice>
    </>
  )
}
