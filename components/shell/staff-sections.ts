import { allowedToStaff } from '#lib/access/roles.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Section } from './sections.ts'

/** The office's places that this viewer's roles open, in the order of the morning; what one may only read comes last. */
export function staffSections(comune: string, viewer: Viewer): Section[] {
  const sections: (Section & { open: boolean; isOnlyRead?: boolean })[] = [
    {
      href: `/admin/${comune}/conteggi`,
      label: 'Conteggi di oggi',
      short: 'Conteggi',
      icon: 'utensils',
      open: allowedToStaff(viewer, 'kitchen:read'),
    },
    {
      href: `/admin/${comune}/calendario`,
      label: 'Giorno senza mensa',
      short: 'Senza mensa',
      icon: 'calendar-off',
      open: allowedToStaff(viewer, 'calendar:manage'),
    },
    {
      href: `/admin/${comune}/famiglie`,
      label: 'Famiglie',
      icon: 'users',
      open: allowedToStaff(viewer, 'household:manage'),
    },
    {
      href: `/admin/${comune}/menu`,
      label: 'Menù',
      icon: 'utensils-crossed',
      open: allowedToStaff(viewer, 'menus:write'),
    },
    {
      href: `/admin/${comune}/moduli`,
      label: 'Moduli e domande',
      short: 'Moduli',
      icon: 'file-text',
      open: allowedToStaff(viewer, 'forms:manage'),
    },
    {
      href: `/admin/${comune}/comunicazioni`,
      label: 'Comunicazioni',
      short: 'Messaggi',
      icon: 'message-square-text',
      open: allowedToStaff(viewer, 'communications:read'),
      isOnlyRead: !allowedToStaff(viewer, 'communications:write'),
    },
    {
      href: `/admin/${comune}/questionari`,
      label: 'Questionari',
      icon: 'list',
      open: allowedToStaff(viewer, 'questionnaires:read'),
      isOnlyRead: !allowedToStaff(viewer, 'questionnaires:write'),
    },
    {
      href: `/admin/${comune}/notizie`,
      label: 'Notizie',
      icon: 'newspaper',
      open: allowedToStaff(viewer, 'content:write'),
    },
    {
      href: `/admin/${comune}/documenti`,
      label: 'Documenti',
      icon: 'file-text',
      open: allowedToStaff(viewer, 'content:write'),
    },
    {
      href: `/admin/${comune}/invii`,
      label: 'Invii',
      icon: 'send',
      open: allowedToStaff(viewer, 'sendings:manage'),
    },
    {
      href: `/admin/${comune}/tariffe`,
      label: 'Tariffe',
      icon: 'euro',
      open: allowedToStaff(viewer, 'tariffs:manage'),
    },
    {
      href: `/admin/${comune}/numeri`,
      label: 'Numeri',
      icon: 'chart-column',
      open: allowedToStaff(viewer, 'figures:read'),
    },
    {
      href: `/admin/${comune}/impostazioni`,
      label: 'Impostazioni',
      icon: 'settings',
      open: allowedToStaff(viewer, 'settings:manage'),
    },
    {
      href: `/admin/${comune}/registro`,
      label: 'Registro',
      icon: 'history',
      open: allowedToStaff(viewer, 'registers:export'),
    },
  ]
  return sections
    .filter((section) => section.open)
    .toSorted((a, b) => Number(a.isOnlyRead ?? false) - Number(b.isOnlyRead ?? false))
    .map(({ open: _, isOnlyRead: __, ...section }) => section)
}

const MOST_UNDER_THE_THUMB = 5

/** The phone's bar: all the places when they fit, otherwise the first four and *Altro*, where the rest is. */
export function staffBarSections(comune: string, viewer: Viewer): Section[] {
  const sections = staffSections(comune, viewer)
  if (sections.length <= MOST_UNDER_THE_THUMB) return sections
  const rest: Section = { href: `/admin/${comune}/altro`, label: 'Altro', icon: 'ellipsis' }
  return [...sections.slice(0, MOST_UNDER_THE_THUMB - 1), rest]
}
