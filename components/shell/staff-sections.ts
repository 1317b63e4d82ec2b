import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Section } from './sections.ts'

/** The office's places that this viewer's roles open, in the order of the morning; what one may only read comes last. */
export function staffSections(municipalitySlug: string, viewer: Viewer): Section[] {
  const sections: (Section & { open: boolean; isOnlyRead?: boolean })[] = [
    {
      href: `/admin/${municipalitySlug}/conteggi`,
      label: 'Conteggi di oggi',
      short: 'Conteggi',
      icon: 'utensils',
      open: allowedToStaff(viewer, 'kitchen:read') || allowedToStaff(viewer, 'kitchen:read-own'),
    },
    {
      href: `/admin/${municipalitySlug}/classi`,
      label: 'Le mie classi',
      icon: 'school',
      open: allowedToStaff(viewer, 'classes:read-own'),
    },
    {
      href: `/admin/${municipalitySlug}/calendario`,
      label: 'Giorno senza mensa',
      short: 'Senza mensa',
      icon: 'calendar-off',
      open: allowedToStaff(viewer, 'calendar:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/famiglie`,
      label: 'Famiglie',
      icon: 'users',
      open: allowedToStaff(viewer, 'household:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/menu`,
      label: 'Menù',
      icon: 'utensils-crossed',
      open: allowedToStaff(viewer, 'menus:write'),
    },
    {
      href: `/admin/${municipalitySlug}/alunni`,
      label: 'Alunni',
      icon: 'school',
      open: allowedToStaff(viewer, 'pupils:list'),
    },
    {
      href: `/admin/${municipalitySlug}/diete`,
      label: 'Diete',
      icon: 'utensils',
      open: allowedToStaff(viewer, 'diets:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/moduli`,
      label: 'Moduli e domande',
      short: 'Moduli',
      icon: 'file-text',
      open: allowedToStaff(viewer, 'forms:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/comunicazioni`,
      label: 'Comunicazioni',
      short: 'Messaggi',
      icon: 'message-square-text',
      open: allowedToStaff(viewer, 'communications:read'),
      isOnlyRead: !allowedToStaff(viewer, 'communications:write'),
    },
    {
      href: `/admin/${municipalitySlug}/questionari`,
      label: 'Questionari',
      icon: 'list',
      open: allowedToStaff(viewer, 'questionnaires:read'),
      isOnlyRead: !allowedToStaff(viewer, 'questionnaires:write'),
    },
    {
      href: `/admin/${municipalitySlug}/notizie`,
      label: 'Notizie',
      icon: 'newspaper',
      open: allowedToStaff(viewer, 'content:write'),
    },
    {
      href: `/admin/${municipalitySlug}/documenti`,
      label: 'Documenti',
      icon: 'file-text',
      open: allowedToStaff(viewer, 'content:write'),
    },
    {
      href: `/admin/${municipalitySlug}/invii`,
      label: 'Invii',
      icon: 'send',
      open: allowedToStaff(viewer, 'deliveries:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/tariffe`,
      label: 'Tariffe',
      icon: 'euro',
      open: allowedToStaff(viewer, 'tariffs:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/pagamenti`,
      label: 'Pagamenti da sistemare',
      short: 'Pagamenti',
      icon: 'credit-card',
      open: allowedToStaff(viewer, 'money:adjust'),
    },
    {
      href: `/admin/${municipalitySlug}/numeri`,
      label: 'Numeri',
      icon: 'chart-column',
      open: allowedToStaff(viewer, 'figures:read'),
    },
    {
      href: `/admin/${municipalitySlug}/impostazioni`,
      label: 'Impostazioni',
      icon: 'settings',
      open: allowedToStaff(viewer, 'settings:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/impostazioni/gestore`,
      label: 'Dati del gestore',
      short: 'Gestore',
      icon: 'settings',
      // Who may change the settings finds it there.
      open: allowedToStaff(viewer, 'supplier:manage') && !allowedToStaff(viewer, 'settings:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/colleghi`,
      label: 'Colleghi',
      icon: 'building-2',
      open: allowedToStaff(viewer, 'staff:manage'),
    },
    {
      href: `/admin/${municipalitySlug}/registro`,
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
export function staffBarSections(municipalitySlug: string, viewer: Viewer): Section[] {
  const sections = staffSections(municipalitySlug, viewer)
  if (sections.length <= MOST_UNDER_THE_THUMB) return sections
  const rest: Section = { href: `/admin/${municipalitySlug}/altro`, label: 'Altro', icon: 'ellipsis' }
  return [...sections.slice(0, MOST_UNDER_THE_THUMB - 1), rest]
}
