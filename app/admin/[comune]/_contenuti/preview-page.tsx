import { notFound } from 'next/navigation'
import { ContentArticle } from '#components/public/content-page.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import { officeContent, officeContentVersion } from '#lib/content/office/content.queries.ts'
import { cleanHtml, readingMinutes } from '#lib/publishing/safe-html.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'

export type PreviewProps = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

/** A version as the public would read it. */
export async function PreviewPage({ kind, params, searchParams }: PreviewProps & { kind: ContentKind }) {
  const [{ comune: municipalitySlug, id }, { versione }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [municipality, item] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    officeContent(viewer, kind, id),
  ])
  if (!municipality || !item) notFound()
  const number = versione === undefined ? item.latestVersion : Number(versione)
  const version = await officeContentVersion(viewer, id, number)
  if (!version) notFound()
  const body = cleanHtml(version.body)
  const shownAt = item.opensAt ?? version.savedAt
  return (
    <>
      <div className="mb-8">
        <Notice
          kind="info"
          title={`Anteprima della versione ${version.number}`}
          action={
            <ButtonLink
              href={`/admin/${municipalitySlug}/${CONTENT_KINDS[kind].path}/${id}`}
              look="secondary"
              icon="arrow-left"
            >
              Torna al testo da modificare
            </ButtonLink>
          }
        >
          <p>
            Salvata da {version.author} {dated`il ${instantInWords(version.savedAt)}`}. Solo chi lavora qui
            vede questa pagina.
          </p>
        </Notice>
      </div>
      <ContentArticle
        municipalitySlug={municipalitySlug}
        municipalityName={municipality.name}
        item={{
          ...version,
          kind,
          slug: item.slug,
          body,
          minutes: readingMinutes(body),
          publishAt: shownAt,
          updatedAt: shownAt,
          attachments: version.files.filter((file) => file.role === 'attachment'),
        }}
      />
    </>
  )
}
