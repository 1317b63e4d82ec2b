import type { IconName } from '#components/ui/icon.tsx'
import type { Reader } from '#lib/session/header-reader.ts'
import { phrase } from '#lib/words/language.ts'

/** A place of the portal that navigation leads to. `short` is its name under the thumb. */
export type Section = { href: string; label: string; short?: string; icon: IconName }

/** The family's places, in the manual's order and words. Money is not even named to who may not see it. */
export function familySections(comune: string, reader: Reader): Section[] {
  if (reader.past)
    return [
      { href: `/${comune}/pagamenti/fatture`, label: phrase('Le mie fatture'), icon: 'receipt-text' },
      { href: `/${comune}/profilo`, label: phrase('Profilo'), icon: 'user' },
    ]
  if (!reader.family) return []
  const money: Section[] = reader.holder
    ? [
        {
          href: `/${comune}/pagamenti`,
          label: phrase('Stato contabile / pagamenti'),
          short: phrase('Pagamenti'),
          icon: 'wallet',
        },
      ]
    : []
  return [
    { href: `/${comune}/oggi`, label: phrase('Oggi'), icon: 'house' },
    {
      href: `/${comune}/prenotazioni`,
      label: phrase('Prenotazioni'),
      short: phrase('Calendario'),
      icon: 'calendar-days',
    },
    ...money,
    {
      href: `/${comune}/comunicazioni`,
      label: phrase('Comunicazioni'),
      short: phrase('Messaggi'),
      icon: 'message-square-text',
    },
    { href: `/${comune}/menu-figli`, label: phrase('Menù dei figli'), icon: 'utensils' },
    { href: `/${comune}/servizi`, label: phrase('Utenti / Servizi'), icon: 'users' },
    { href: `/${comune}/profilo`, label: phrase('Profilo e deleghe'), icon: 'user' },
    { href: `/${comune}/questionari`, label: phrase('Questionari'), icon: 'list' },
    ...(reader.holder
      ? [{ href: `/${comune}/moduli`, label: phrase('Moduli online'), icon: 'file-text' } as const]
      : []),
  ]
}

/** The rooms of one's own profile. */
export function profileSections(comune: string, reader: Reader): Section[] {
  const delegations: Section[] =
    reader.holder || reader.delegate
      ? [{ href: `/${comune}/profilo/deleghe`, label: phrase('Deleghe'), icon: 'hand-helping' }]
      : []
  const calendars: Section[] = reader.family
    ? [
        {
          href: `/${comune}/profilo/calendario`,
          label: phrase('Calendario sul telefono'),
          icon: 'calendar-days',
        },
      ]
    : []
  return [
    ...delegations,
    { href: `/${comune}/profilo/notifiche`, label: phrase('Che cosa ti arriva'), icon: 'bell' },
    {
      href: `/${comune}/profilo/accessi`,
      label: phrase('Accessi e dispositivi'),
      icon: 'monitor-smartphone',
    },
    ...calendars,
    { href: `/${comune}/profilo/registro`, label: phrase('Accessi ai miei dati'), icon: 'history' },
    { href: `/${comune}/profilo/dati`, label: phrase('Scarica i tuoi dati'), icon: 'download' },
  ]
}

/** What anyone may read, signed in or not, in the manual's words. */
export const publicSections = (comune: string): Section[] => [
  { href: `/${comune}/servizio`, label: phrase('Servizio'), icon: 'utensils' },
  { href: `/${comune}/menu`, label: phrase('Menù'), icon: 'list' },
  { href: `/${comune}/notizie`, label: phrase('Notizie'), icon: 'newspaper' },
  { href: `/${comune}/documenti`, label: phrase('Documenti'), icon: 'file-text' },
  { href: `/${comune}/assistenza`, label: phrase('Assistenza'), icon: 'circle-help' },
]

const UNDER_THE_THUMB = 4

/** The four first places and *Altro*, where the rest is. */
export function bottomBarSections(comune: string, reader: Reader): Section[] {
  const sections = familySections(comune, reader)
  if (sections.length === 0) return []
  const named = sections.filter((section) => section.short || section.label === 'Oggi')
  return [
    ...named.slice(0, UNDER_THE_THUMB),
    { href: `/${comune}/altro`, label: phrase('Altro'), icon: 'ellipsis' },
  ]
}

/** "Laura Conti" → "LC" */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => word?.[0] ?? '')
  return letters.join('').toUpperCase()
}
