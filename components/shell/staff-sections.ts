import { allowedToStaff } from '#lib/auth/roles.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import type { Section } from './sections.ts'

/** The office's places that this viewer's roles open, in the order of the morning. */
export function staffSections(comune: string, viewer: Viewer): Section[] {
  const sections: (Section & { open: boolean })[] = [
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
      short: 'Calendario',
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
      href: `/admin/${comune}/registro`,
      label: 'Registro',
      icon: 'history',
      open: allowedToStaff(viewer, 'registers:export'),
    },
  ]
  return sections.filter((section) => section.open).map(({ open: _, ...section }) => section)
}
