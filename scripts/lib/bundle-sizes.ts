import { globSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

export type RouteSize = { route: string; kind: RouteKind; bytes: number; budget: number }
type RouteKind = 'public' | 'family' | 'calendar' | 'admin'

/** First-load JavaScript, gzip bytes. An empty Next page is 132 kB of these; the rest is ours. */
const BUDGETS: Readonly<Record<RouteKind, number>> = {
  public: 136_000,
  family: 144_000,
  calendar: 148_000,
  admin: 265_000,
}

const APP = '.next/server/app'
const MANIFEST = 'page_client-reference-manifest.js'

function kindOf(route: string): RouteKind {
  if (route.startsWith('/admin')) return 'admin'
  if (!route.includes('/(famiglia)/')) return 'public'
  return route.endsWith('/prenotazioni') ? 'calendar' : 'family'
}

/** The files that Next names for every segment of a route: page, layouts and error boundaries are all loaded on the first visit. */
function entryFilesIn(manifest: string): string[] {
  const json = /\]\s*=\s*(\{[\s\S]*\});?\s*$/.exec(manifest)?.[1]
  if (!json) throw new Error('Next’s client reference manifest has another shape than the one we know')
  const { entryJSFiles } = JSON.parse(json) as { entryJSFiles: Record<string, string[]> }
  return Object.values(entryJSFiles).flat()
}

/**
 * What a browser loads at the first visit of each page, from the built output.
 * The test page of screens from right to left has no visitor to wait for it. The polyfills are left out: they are marked `nomodule`, and no browser that we support takes them.
 */
export function routeSizes(): RouteSize[] {
  const sizes = new Map<string, number>()
  const sizeOf = (file: string): number => {
    const known = sizes.get(file) ?? gzipSync(readFileSync(`.next/${file}`), { level: 9 }).length
    sizes.set(file, known)
    return known
  }
  const { rootMainFiles } = JSON.parse(readFileSync('.next/build-manifest.json', 'utf8')) as {
    rootMainFiles: string[]
  }
  return globSync(`${APP}/**/${MANIFEST}`)
    .filter((manifest) => !manifest.startsWith(`${APP}/prova/`))
    .map((manifest) => {
      const route = manifest.slice(APP.length, -MANIFEST.length - 1) || '/'
      const files = new Set([...rootMainFiles, ...entryFilesIn(readFileSync(manifest, 'utf8'))])
      const bytes = [...files].reduce((sum, file) => sum + sizeOf(file), 0)
      const kind = kindOf(route)
      return { route, kind, bytes, budget: BUDGETS[kind] }
    })
    .sort((a, b) => a.route.localeCompare(b.route))
}
