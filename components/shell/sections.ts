import type { IconName } from '#components/ui/icon.tsx'
import type { Reader } from '#lib/auth/reader.ts'

/** A place of the portal that navigation leads to. `short` is its name under the thumb. */
export type Section = { href: string; label: string; short?: string; icon: IconName }

/** The family's places, in the manual's order and words. Money is not even named to who may not see it. */
export function familySections(comune: string, reader: Reader): Section[] {
  if (reader.past)
    return [
      { href: `/${comune}/pagamenti/fatture`, label: 'Le mie fatture', icon: 'receipt-text' },
      { href: `/${comune}/profilo`, label: 'Profilo', icon: 'user' },
    ]
  if (!reader.family) return []
  const money: Section[] = reader.holder
    ? [
        {
          href: `/${comune}/pagamenti`,
          label: 'Stato contabile / pagamenti',
          short: 'Pagamenti',
          icon: 'wallet',
        },
      ]
    : []
  return [
    { href: `/${comune}/oggi`, label: 'Oggi', icon: 'house' },
    { href: `/${comune}/prenotazioni`, label: 'Prenotazioni', short: 'Calendario', icon: 'calendar-days' },
    ...money,
    {
      href: `/${comune}/comunicazioni`,
      label: 'Comunicazioni',
      short: 'Messaggi',
      icon: 'message-square-text',
    },
    { href: `/${comune}/menu-figli`, label: 'Menù dei figli', icon: 'utensils' },
    { href: `/${comune}/servizi`, label: 'Utenti / Servizi', icon: 'users' },
    { href: `/${comune}/profilo`, label: 'Profilo e deleghe', icon: 'user' },
    { href: `/${comune}/moduli`, label: 'Moduli online', icon: 'file-text' },
  ]
}

/** The rooms of one's own profile. */
export function profileSections(comune: string, reader: Reader): Section[] {
  const delegations: Section[] =
    reader.holder || reader.delegate
      ? [{ href: `/${comune}/profilo/deleghe`, label: 'Deleghe', icon: 'hand-helping' }]
      : []
  const calendars: Section[] = reader.family
    ? [{ href: `/${comune}/profilo/calendario`, label: 'Calendario sul telefono', icon: 'calendar-days' }]
    : []
  return [
    ...delegations,
    { href: `/${comune}/profilo/notifiche`, label: 'Che cosa ti arriva', icon: 'bell' },
    { href: `/${comune}/profilo/accessi`, label: 'Accessi e dispositivi', icon: 'monitor-smartphone' },
    ...calendars,
    { href: `/${comune}/profilo/registro`, label: 'Accessi ai miei dati', icon: 'history' },
    { href: `/${comune}/profilo/dati`, label: 'Scarica i tuoi dati', icon: 'download' },
  ]
}

/** What anyone may read, signed in or not, in the manual's words. */
export const publicSections = (comune: string): Section[] => [
  { href: `/${comune}/servizio`, label: 'Servizio', icon: 'utensils' },
  { href: `/${comune}/menu`, label: 'Menù', icon: 'list' },
  { href: `/${comune}/notizie`, label: 'Notizie', icon: 'newspaper' },
  { href: `/${comune}/documenti`, label: 'Documenti', icon: 'file-text' },
  { href: `/${comune}/assistenza`, label: 'Assistenza', icon: 'circle-help' },
]

const UNDER_THE_THUMB = 4

/** The four first places and *Altro*, where the rest is. */
export function bottomBarSections(comune: string, reader: Reader): Section[] {
  const sections = familySections(comune, reader)
  if (sections.length === 0) return []
  const named = sections.filter((section) => section.short || section.label === 'Oggi')
  return [...named.slice(0, UNDER_THE_THUMB), { href: `/${comune}/altro`, label: 'Altro', icon: 'ellipsis' }]
}

/** "Laura Conti" → "LC" */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => word?.[0] ?? '')
  return letters.join('').toUpperCase()
}
