import type { IconName } from '#components/ui/icon.tsx'
import type { Viewer } from '#lib/access/viewer.ts'
import { type OfficePlace, type PlaceGroup, placeGroupsFor, placesFor } from '#lib/desk/place.ts'
import type { Section } from './sections.ts'

const ICONS: Readonly<Record<string, IconName>> = {
  oggi: 'house',
  conteggi: 'utensils',
  classi: 'school',
  calendario: 'calendar-off',
  famiglie: 'users',
  menu: 'utensils-crossed',
  alunni: 'school',
  diete: 'utensils',
  moduli: 'file-text',
  comunicazioni: 'message-square-text',
  questionari: 'list',
  importa: 'upload',
  notizie: 'newspaper',
  documenti: 'file-text',
  invii: 'send',
  tariffe: 'euro',
  denaro: 'receipt-text',
  pagamenti: 'credit-card',
  rimborsi: 'rotate-ccw',
  numeri: 'chart-column',
  impostazioni: 'settings',
  'impostazioni/gestore': 'settings',
  colleghi: 'building-2',
  registro: 'history',
}

const sectionOf = (municipalitySlug: string, { key, label, short }: OfficePlace): Section => ({
  href: `/admin/${municipalitySlug}/${key}`,
  label,
  ...(short ? { short } : {}),
  icon: ICONS[key] ?? 'file-text',
})

/** The office's places that this viewer's roles open, in the order of the morning; what one may only read comes last. */
export const staffSections = (municipalitySlug: string, viewer: Viewer): Section[] =>
  placesFor(viewer).map((place) => sectionOf(municipalitySlug, place))

/** A group of the office's navigation. `key` of a section: its place. */
export type SectionGroup = { group: PlaceGroup; label: string; sections: (Section & { key: string })[] }

/** The same by what people come for. */
export const staffGroups = (municipalitySlug: string, viewer: Viewer): SectionGroup[] =>
  placeGroupsFor(viewer).map(({ group, label, places }) => ({
    group,
    label,
    sections: places.map((place) => ({ ...sectionOf(municipalitySlug, place), key: place.key })),
  }))

const MOST_UNDER_THE_THUMB = 5

/** The phone's bar: all the places when they fit, otherwise the first four and *Altro*, where the rest is. */
export function staffBarSections(municipalitySlug: string, viewer: Viewer): Section[] {
  const sections = staffSections(municipalitySlug, viewer)
  if (sections.length <= MOST_UNDER_THE_THUMB) return sections
  const rest: Section = { href: `/admin/${municipalitySlug}/altro`, label: 'Altro', icon: 'ellipsis' }
  return [...sections.slice(0, MOST_UNDER_THE_THUMB - 1), rest]
}
