import type { IconName } from '#components/ui/icon.tsx'
import type { HeaderViewer } from '#lib/session/header-viewer.ts'
import type { Words } from '#lib/words/language.ts'

/** A place of the portal that navigation leads to, in the words of the reader. `short` is its name under the thumb. */
export type Section = { href: string; label: string; short?: string; icon: IconName }

/** The family's places, in the manual's order and words. Money is not even named to a person who may not see it. */
export function familySections(municipalitySlug: string, headerViewer: HeaderViewer, t: Words): Section[] {
  if (headerViewer.past)
    return [
      {
        href: `/${municipalitySlug}/pagamenti/fatture`,
        label: t('Le mie fatture'),
        icon: 'receipt-text',
      },
      { href: `/${municipalitySlug}/profilo`, label: t('Profilo'), icon: 'user' },
    ]
  if (!headerViewer.family) return []
  const money: Section[] = headerViewer.holder
    ? [
        {
          href: `/${municipalitySlug}/pagamenti`,
          label: t('Stato contabile / pagamenti'),
          short: t('Pagamenti'),
          icon: 'wallet',
        },
      ]
    : []
  return [
    { href: `/${municipalitySlug}/oggi`, label: t('Oggi'), icon: 'house' },
    {
      href: `/${municipalitySlug}/prenotazioni`,
      label: t('Prenotazioni'),
      short: t('Calendario'),
      icon: 'calendar-days',
    },
    ...money,
    {
      href: `/${municipalitySlug}/comunicazioni`,
      label: t('Comunicazioni'),
      short: t('Messaggi'),
      icon: 'message-square-text',
    },
    { href: `/${municipalitySlug}/menu-figli`, label: t('Menù dei figli'), icon: 'utensils' },
    { href: `/${municipalitySlug}/servizi`, label: t('Utenti / Servizi'), icon: 'users' },
    { href: `/${municipalitySlug}/profilo`, label: t('Profilo e deleghe'), icon: 'user' },
    { href: `/${municipalitySlug}/questionari`, label: t('Questionari'), icon: 'list' },
    ...(headerViewer.holder
      ? [{ href: `/${municipalitySlug}/moduli`, label: t('Moduli online'), icon: 'file-text' } as const]
      : []),
  ]
}

/** The rooms of one's own profile. */
export function profileSections(municipalitySlug: string, headerViewer: HeaderViewer, t: Words): Section[] {
  const delegations: Section[] =
    headerViewer.holder || headerViewer.delegate
      ? [{ href: `/${municipalitySlug}/profilo/deleghe`, label: t('Deleghe'), icon: 'hand-helping' }]
      : []
  const calendars: Section[] = headerViewer.family
    ? [
        {
          href: `/${municipalitySlug}/profilo/calendario`,
          label: t('Calendario sul telefono'),
          icon: 'calendar-days',
        },
      ]
    : []
  return [
    ...delegations,
    { href: `/${municipalitySlug}/profilo/notifiche`, label: t('Che cosa ti arriva'), icon: 'bell' },
    {
      href: `/${municipalitySlug}/profilo/accessi`,
      label: t('Accessi e dispositivi'),
      icon: 'monitor-smartphone',
    },
    ...calendars,
    { href: `/${municipalitySlug}/profilo/registro`, label: t('Accessi ai miei dati'), icon: 'history' },
    { href: `/${municipalitySlug}/profilo/dati`, label: t('Scarica i tuoi dati'), icon: 'download' },
  ]
}

/** What anyone may read, signed in or not, in the manual's words. */
export const publicSections = (municipalitySlug: string, t: Words): Section[] => [
  { href: `/${municipalitySlug}/servizio`, label: t('Servizio'), icon: 'utensils' },
  { href: `/${municipalitySlug}/menu`, label: t('Menù'), icon: 'list' },
  { href: `/${municipalitySlug}/notizie`, label: t('Notizie'), icon: 'newspaper' },
  { href: `/${municipalitySlug}/documenti`, label: t('Documenti'), icon: 'file-text' },
  { href: `/${municipalitySlug}/assistenza`, label: t('Assistenza'), icon: 'circle-help' },
]

/** Whether a person has places of a family: a bar under the thumb leads to them. */
export const hasBottomBar = ({ past, family }: HeaderViewer): boolean => past === true || family

const UNDER_THE_THUMB = 4

/** The four first places and *Altro*, where the rest is. */
export function bottomBarSections(municipalitySlug: string, headerViewer: HeaderViewer, t: Words): Section[] {
  if (!hasBottomBar(headerViewer)) return []
  const sections = familySections(municipalitySlug, headerViewer, t)
  const named = sections.filter(({ href, short }) => short || href === `/${municipalitySlug}/oggi`)
  return [
    ...named.slice(0, UNDER_THE_THUMB),
    { href: `/${municipalitySlug}/altro`, label: t('Altro'), icon: 'ellipsis' },
  ]
}

/** "Laura Conti" → "LC" */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => word?.[0] ?? '')
  return letters.join('').toUpperCase()
}
