import { directionOf, isLanguage, italian, type Language, type Words } from '#lib/words/language.ts'
import { ORIGINAL } from '#lib/words/locales.ts'

/** The query parameter that says the manifest's language. */
const MANIFEST_LANGUAGE = 'in'

const icons = () => [
  { src: '/icone/app-192.png', sizes: '192x192', type: 'image/png' },
  { src: '/icone/app-512.png', sizes: '512x512', type: 'image/png' },
  { src: '/icone/app-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' as const },
]

const common = (language: Language) => ({
  lang: language,
  dir: directionOf(language),
  display: 'standalone' as const,
  background_color: '#ffffff',
  theme_color: '#004d99',
  icons: icons(),
})

/** The manifest's address in this language: browsers fetch it without cookies, so the address carries the language. */
export const manifestHref = (path: string, language: Language): string =>
  language === ORIGINAL ? path : `${path}?${MANIFEST_LANGUAGE}=${language}`

/** The language that a manifest's address asks for. */
export function manifestLanguage(request: Request): Language {
  const asked = new URL(request.url).searchParams.get(MANIFEST_LANGUAGE)
  return isLanguage(asked) ? asked : ORIGINAL
}

/** The portal as an app, before a municipality is chosen. */
export const portalManifest = (t: Words = italian) => ({
  ...common(t.language),
  id: '/',
  name: t('Refettorio, la mensa scolastica'),
  short_name: t('Mensa'),
  description: t('Presenze, pagamenti e notizie della mensa scolastica del tuo Comune.'),
  start_url: '/?da=app',
  scope: '/',
})

/** The response with a manifest; it names no person, so any cache may keep it for an hour. */
export const manifestResponse = (manifest: object): Response =>
  Response.json(manifest, {
    headers: { 'content-type': 'application/manifest+json', 'cache-control': 'public, max-age=3600' },
  })

/** The canteen of one municipality as an app: it opens on today, and its icon leads straight to the calendar. */
export function municipalityManifest({ slug, name }: { slug: string; name: string }, t: Words = italian) {
  return {
    ...common(t.language),
    id: `/${slug}`,
    name: t('Mensa scolastica di {name}', { name }),
    short_name: t('Mensa'),
    description: t('Disdici i pasti, guarda il calendario e il saldo.'),
    start_url: `/${slug}/oggi?da=app`,
    scope: '/',
    shortcuts: [
      { name: t('Segna assente'), short_name: t('Assente'), url: `/${slug}/oggi?da=scorciatoia` },
      { name: t('Calendario'), url: `/${slug}/prenotazioni?da=scorciatoia` },
    ],
  }
}
