import type { IconName } from '#components/ui/icon.tsx'
import type { HeaderViewer } from '#lib/session/header-viewer.ts'
import { phrase } from '#lib/words/language.ts'

/** A place of the portal that navigation leads to. `short` is its name under the thumb. */
export type Section = { href: string; label: string; short?: string; icon: IconName }

/** The family's places, in the manual's order and words. Money is not even named to who may not see it. */
export function familySections(municipalitySlug: string, headerViewer: HeaderViewer): Section[] {
  if (headerViewer.past)
    return [
      {
        href: `/${municipalitySlug}/pagamenti/fatture`,
        label: phrase('Le mie fatture'),
        icon: 'receipt-text',
      },
      { href: `/${municipalitySlug}/profilo`, label: phrase('Profilo'), icon: 'user' },
    ]
  if (!headerViewer.family) return []
  const money: Section[] = headerViewer.holder
    ? [
        {
          href: `/${municipalitySlug}/pagamenti`,
          label: phrase('Stato contabile / pagamenti'),
          short: phrase('Pagamenti'),
          icon: 'wallet',
        },
      ]
    : []
  return [
    { href: `/${municipalitySlug}/oggi`, label: phrase('Oggi'), icon: 'house' },
    {
      href: `/${municipalitySlug}/prenotazioni`,
      label: phrase('Prenotazioni'),
      short: phrase('Calendario'),
      icon: 'calendar-days',
    },
    ...money,
    {
      href: `/${municipalitySlug}/comunicazioni`,
      label: phrase('Comunicazioni'),
      short: phrase('Messaggi'),
      icon: 'message-square-text',
    },
    { href: `/${municipalitySlug}/menu-figli`, label: phrase('Menù dei figli'), icon: 'utensils' },
    { href: `/${municipalitySlug}/servizi`, label: phrase('Utenti / Servizi'), icon: 'users' },
    { href: `/${municipalitySlug}/profilo`, label: phrase('Profilo e deleghe'), icon: 'user' },
    { href: `/${municipalitySlug}/questionari`, label: phrase('Questionari'), icon: 'list' },
    ...(headerViewer.holder
      ? [{ href: `/${municipalitySlug}/moduli`, label: phrase('Moduli online'), icon: 'file-text' } as const]
      : []),
  ]
}

/** The rooms of one's own profile. */
export function profileSections(municipalitySlug: string, headerViewer: HeaderViewer): Section[] {
  const delegations: Section[] =
    headerViewer.holder || headerViewer.delegate
      ? [{ href: `/${municipalitySlug}/profilo/deleghe`, label: phrase('Deleghe'), icon: 'hand-helping' }]
      : []
  const calendars: Section[] = headerViewer.family
    ? [
        {
          href: `/${municipalitySlug}/profilo/calendario`,
          label: phrase('Calendario sul telefono'),
          icon: 'calendar-days',
        },
      ]
    : []
  return [
    ...delegations,
    { href: `/${municipalitySlug}/profilo/notifiche`, label: phrase('Che cosa ti arriva'), icon: 'bell' },
    {
      href: `/${municipalitySlug}/profilo/accessi`,
      label: phrase('Accessi e dispositivi'),
      icon: 'monitor-smartphone',
    },
    ...calendars,
    { href: `/${municipalitySlug}/profilo/registro`, label: phrase('Accessi ai miei dati'), icon: 'history' },
    { href: `/${municipalitySlug}/profilo/dati`, label: phrase('Scarica i tuoi dati'), icon: 'download' },
  ]
}

/** What anyone may read, signed in or not, in the manual's words. */
export const publicSections = (municipalitySlug: string): Section[] => [
  { href: `/${municipalitySlug}/servizio`, label: phrase('Servizio'), icon: 'utensils' },
  { href: `/${municipalitySlug}/menu`, label: phrase('Menù'), icon: 'list' },
  { href: `/${municipalitySlug}/notizie`, label: phrase('Notizie'), icon: 'newspaper' },
  { href: `/${municipalitySlug}/documenti`, label: phrase('Documenti'), icon: 'file-text' },
  { href: `/${municipalitySlug}/assistenza`, label: phrase('Assistenza'), icon: 'circle-help' },
]

const UNDER_THE_THUMB = 4

/** The four first places and *Altro*, where the rest is. */
export function bottomBarSections(municipalitySlug: string, headerViewer: HeaderViewer): Section[] {
  const sections = familySections(municipalitySlug, headerViewer)
  if (sections.length === 0) return []
  const named = sections.filter((section) => section.short || section.label === 'Oggi')
  return [
    ...named.slice(0, UNDER_THE_THUMB),
    { href: `/${municipalitySlug}/altro`, label: phrase('Altro'), icon: 'ellipsis' },
  ]
}

/** "Laura Conti" → "LC" */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => word?.[0] ?? '')
  return letters.join('').toUpperCase()
}
