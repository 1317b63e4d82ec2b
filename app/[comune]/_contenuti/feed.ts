import { renderAtomFeed } from '#lib/content/atom-feed.ts'
import { publicFeed } from '#lib/content/content.queries.ts'
import { CONTENT_KINDS, type ContentKind, categoryInWords } from '#lib/content/content.ts'
import { env } from '#lib/kernel/env.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { overPublicBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

/** The Atom feed of a kind. Readers ask for it all day: they may keep it a minute, and ask again. */
export const feedRoute =
  (kind: ContentKind) =>
  async (request: Request, { params }: { params: Promise<{ comune: string }> }): Promise<Response> => {
    const { comune: municipalitySlug } = await params
    const municipality = await municipalityBySlug(municipalitySlug)
    const t = await readWords()
    if (!municipality) return new Response(t('Non trovato'), { status: 404 })
    const refusal = overPublicBudget(request, t)
    if (refusal) return refusal
    const page = `${env().PUBLIC_ORIGIN}/${municipalitySlug}/${CONTENT_KINDS[kind].path}`
    const entries = await publicFeed(municipality, kind)
    const xml = renderAtomFeed({
      title: `${CONTENT_KINDS[kind].many} della mensa scolastica di ${municipality.name}`,
      self: `${page}/feed.xml`,
      page,
      author: `Comune di ${municipality.name}`,
      entries: entries.map((entry) => ({
        ...entry,
        url: `${page}/${entry.slug}`,
        category: categoryInWords(kind, entry.category),
      })),
    })
    return new Response(xml, {
      headers: {
        'content-type': 'application/atom+xml; charset=utf-8',
        'cache-control': 'public, max-age=60',
      },
    })
  }
