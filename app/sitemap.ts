import type { MetadataRoute } from 'next'
import { publicFeed } from '#lib/content/content.queries.ts'
import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import { env } from '#lib/kernel/env.ts'
import { listMunicipalities } from '#lib/school/municipality.queries.ts'

export const dynamic = 'force-dynamic'

const PAGES = [
  '',
  '/servizio',
  '/menu',
  '/notizie',
  '/documenti',
  '/assistenza',
  '/dati',
  '/accessibilita',
  '/privacy',
  '/note-legali',
]

/** Every public page of every municipality, with the latest news and documents. */
export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const { PUBLIC_ORIGIN } = env()
  const municipalities = await listMunicipalities('')
  const perMunicipality = municipalities.map(async (municipality) => {
    const base = `${PUBLIC_ORIGIN}/${municipality.slug}`
    const kinds = Object.keys(CONTENT_KINDS) as ContentKind[]
    const lists = await Promise.all(kinds.map((kind) => publicFeed(municipality, kind)))
    const items = lists.flat().map((item) => ({
      url: `${base}/${CONTENT_KINDS[item.kind].path}/${item.slug}`,
      lastModified: item.updatedAt,
    }))
    return [...PAGES.map((path) => ({ url: base + path })), ...items]
  })
  return [{ url: PUBLIC_ORIGIN }, ...(await Promise.all(perMunicipality)).flat()]
}
