import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CategoryLinks, ContentFilterForm } from '#components/public/content-filter.tsx'
import { ContentList } from '#components/public/content-list.tsx'
import { ContentFrame } from '#components/public/content-page.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { isContentFiltered, readContentFilter } from '#lib/content/content.address.ts'
import { publicList } from '#lib/content/content.queries.ts'
import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import type { Phrase } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'

export type ListProps = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

/** Metadata of a list: the pages of a search are not indexed. */
export const listMetadata =
  (kind: ContentKind, description: Phrase) =>
  async ({ params, searchParams }: ListProps): Promise<Metadata> => {
    const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
    const t = await readWords()
    const path = `/${municipalitySlug}/${CONTENT_KINDS[kind].path}`
    const title = t(CONTENT_KINDS[kind].many)
    const filter = readContentFilter(kind, typed)
    return {
      title,
      description: t(description),
      alternates: { canonical: path, types: { 'application/atom+xml': `${path}/feed.xml` } },
      openGraph: { title, description: t(description), url: path, type: 'website', locale: 'it_IT' },
      ...(isContentFiltered(filter) || filter.page > 1 ? { robots: { index: false } } : {}),
    }
  }

/** The public list of news or documents: everything that is asked is in the address. */
export async function ContentListPage({
  kind,
  lead,
  params,
  searchParams,
}: ListProps & { kind: ContentKind; lead: Phrase }) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const filter = readContentFilter(kind, typed)
  const list = await publicList(municipality, kind, filter)
  return (
    <ContentFrame municipalitySlug={municipalitySlug} kind={kind}>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-4">
        <div className="max-w-3xl">
          <h1 className="text-3xl sm:text-4xl">{t(CONTENT_KINDS[kind].many)}</h1>
          <p className="mt-2 text-lg">{t(lead)}</p>
        </div>
        <a
          href={`/${municipalitySlug}/${CONTENT_KINDS[kind].path}/feed.xml`}
          className="inline-flex min-h-11 items-center gap-2 print:hidden"
        >
          <Icon name="rss" /> {t('Segui con un lettore di feed')}
        </a>
      </div>
      <CategoryLinks municipalitySlug={municipalitySlug} kind={kind} current={filter.category} />
      <ContentFilterForm municipalitySlug={municipalitySlug} kind={kind} filter={filter} />
      <ContentList municipalitySlug={municipalitySlug} kind={kind} filter={filter} list={list} />
    </ContentFrame>
  )
}
