import { italian, type Language, type Words } from '#lib/language/language.ts'

/** The parameter of the manifest's address that says its language. */
export const MANIFEST_LANGUAGE = 'in'

const icons = () => [
  { src: '/icone/app-192.png', sizes: '192x192', type: 'image/png' },
  { src: '/icone/app-512.png', sizes: '512x512', type: 'image/png' },
  { src: '/icone/app-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' as const },
]

const common = (language: Language) => ({
  lang: language,
  dir: 'ltr' as const,
  display: 'standalone' as const,
  background_color: '#ffffff',
  theme_color: '#004d99',
  icons: icons(),
})

/** The portal as an app, before a Comune is chosen. */
export const portalManifest = () => ({
  ...common('it'),
  id: '/',
  name: 'Refettorio, la mensa scolastica',
  short_name: 'Mensa',
  start_url: '/?da=app',
  scope: '/',
})

/** The canteen of one Comune as an app: it opens on today, and its icon leads straight to the calendar. */
export function comuneManifest({ slug, name }: { slug: string; name: string }, t: Words = italian) {
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
