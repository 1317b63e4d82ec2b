import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RatingForm } from '#components/menus/rating-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { mealForRating } from '#lib/menus/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'
import { rate } from '../actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readWords())('Com’è andata a tavola') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function RateMeal({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { figlio, pasto }, t] = await Promise.all([
    params,
    searchParams,
    readWords(),
  ])
  const viewer = await requireViewer(municipalitySlug)
  const found = isUuid(figlio) && isUuid(pasto) ? await mealForRating(viewer, figlio, pasto) : null
  if (!found) notFound()
  const { givenName, meal } = found
  return (
    <>
      <Breadcrumb
        items={[
          { label: t('Menù dei figli'), href: `/${municipalitySlug}/menu-figli` },
          { label: t('Com’è andata a tavola') },
        ]}
      />
      <PageHeading
        title={t('Com’è andata a {name}?', { name: givenName })}
        eyebrow={
          <span className="inline-block first-letter:uppercase">{longDayWithYear(meal.day, t.language)}</span>
        }
        lead={t('Chiedilo al bambino e scegli una faccia per piatto. Puoi saltare quelli che non ricorda.')}
      />
      <RatingForm municipalitySlug={municipalitySlug} pupilId={figlio as string} meal={meal} action={rate} />
    </>
  )
}
