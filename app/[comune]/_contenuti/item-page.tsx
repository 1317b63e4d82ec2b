import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { contentPath } from '#components/public/content-card.tsx'
import { ContentArticle, ContentFrame, GoneContentPage } from '#components/public/content-page.tsx'
import { JsonLd } from '#components/public/json-ld.tsx'
import { goneContent, publicContent } from '#lib/content/content.queries.ts'
import type { ContentKind } from '#lib/content/content.ts'
import { env } from '#lib/kernel/env.ts'
import { newsArticle } from '#lib/school/json-ld.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { nonceIn } from '#lib/web/security-headers.ts'
import { readWords } from '#lib/words/words.request.ts'

export type ItemProps = { params: Promise<{ comune: string; slug: string }> }

export const itemMetadata =
  (kind: ContentKind) =>
  async ({ params }: ItemProps): Promise<Metadata> => {
    const t = await readWords()
    const { comune: municipalitySlug, slug } = await params
    const municipality = await municipalityBySlug(municipalitySlug)
    const item = municipality && (await publicContent(municipality, kind, slug))
    if (!item) return { title: t('Non più pubblico'), robots: { index: false } }
    const path = contentPath(municipalitySlug, item)
    return {
      title: item.title,
      description: item.summary,
      alternates: { canonical: path },
      openGraph: {
        title: item.title,
        description: item.summary,
        url: path,
        type: 'article',
        locale: 'it_IT',
        publishedTime: item.publishAt.toISOString(),
        modifiedTime: item.updatedAt.toISOString(),
      },
    }
  }

/** One news item or document; what was public and is not any more says so (proxy.ts answers 410 with this page). */
export async function ContentItemPage({ kind, params }: ItemProps & { kind: ContentKind }) {
  const { comune: municipalitySlug, slug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const item = await publicContent(municipality, kind, slug)
  if (!item) {
    const gone = await goneContent(municipality, kind, slug)
    if (!gone) notFound()
    return <GoneContentPage municipalitySlug={municipalitySlug} kind={kind} gone={gone} />
  }
  const { PUBLIC_ORIGIN } = env()
  const url = PUBLIC_ORIGIN + contentPath(municipalitySlug, item)
  return (
    <ContentFrame municipalitySlug={municipalitySlug} kind={kind} title={item.title}>
      {kind === 'news' && (
        <JsonLd
          nonce={nonceIn((await headers()).get('content-security-policy'))}
          data={newsArticle(municipality, item, url, PUBLIC_ORIGIN)}
        />
      )}
      <ContentArticle municipalitySlug={municipalitySlug} municipalityName={municipality.name} item={item} />
    </ContentFrame>
  )
}
