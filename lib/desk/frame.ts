import { allowedToStaff, type Capability } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { WaitingWork } from './waiting-work.ts'

/**
 * A school year of the municipality. `isCurrent`: the one that runs, or the last that began, or else the first to come. `isOver`: its
 * last day is past.
 */
export type FrameYear = { name: string; isCurrent: boolean; isOver: boolean }

/** What stands around every page of the office. `years` is in the order of time. */
export type OfficeFrame = { waiting: WaitingWork[]; years: FrameYear[] }

/** A page that shows one school year: the one that its address asks for (`?anno=`), or the one that comes by itself. */
type YearPage = {
  opens: Capability
  initial: (years: readonly FrameYear[]) => FrameYear | undefined
  /** With this capability it shows years that are over too. */
  past?: Capability
  /** What of its address holds in one year alone. */
  drops: readonly string[]
  /** What its address says of any year but the current one. */
  elsewhere?: Readonly<Record<string, string>>
}

const current = (years: readonly FrameYear[]) => years.find(({ isCurrent }) => isCurrent)

const YEAR_PAGES: Readonly<Record<string, YearPage>> = {
  // Of the current year the pupils of today; in any other year no pupil is enrolled today.
  alunni: {
    opens: 'pupils:list',
    initial: current,
    past: 'household:manage',
    drops: ['anno', 'stato', 'pagina'],
    elsewhere: { stato: '' },
  },
  'famiglie/classi': {
    opens: 'registry:correct',
    initial: (years) => years.find(({ isOver }) => !isOver),
    drops: ['anno', 'classe', 'servizio', 'alunno', 'fatto'],
  },
  'moduli/posti': {
    opens: 'forms:manage',
    initial: (years) => years.at(-1),
    past: 'forms:manage',
    drops: ['anno', 'fatto'],
  },
}

/** The page that shows the years of a page that has none. */
const CLASSES = 'famiglie/classi'

/** The school year of a page, and where the other years are. */
export type YearSwitch = {
  inSight: string
  /** What the choices lead to. */
  of: 'page' | 'classes'
  choices: { name: string; isCurrent: boolean; href: string }[]
}

/**
 * The school year that the bar shows over a page, with the same page of each other year. A page without a year shows the current one
 * and leads to the classes. Null before there is any year.
 * @param address the page's address
 * @param base the address of the office: `/admin/<municipality>`
 */
export function yearSwitch(
  viewer: Viewer,
  years: readonly FrameYear[],
  address: string,
  base: string,
): YearSwitch | null {
  const [path = '', query = ''] = address.split('?')
  const asked = new URLSearchParams(query)
  const key = path.slice(base.length + 1)
  const own = YEAR_PAGES[key]
  const page = own ?? YEAR_PAGES[CLASSES]
  if (!page) return null
  const isOpen = allowedToStaff(viewer, page.opens)
  const shown = years.filter(({ isOver }) => !isOver || (page.past && allowedToStaff(viewer, page.past)))
  const initial = own && isOpen ? page.initial(shown) : undefined
  const inSight =
    (own && isOpen && shown.find(({ name }) => name === asked.get('anno'))) || initial || current(years)
  if (!inSight) return null
  const kept = [...(own ? asked : [])].filter(([name]) => !page.drops.includes(name))
  return {
    inSight: inSight.name,
    of: own ? 'page' : 'classes',
    choices: (isOpen && shown.length > 1 ? shown : []).map(({ name, isCurrent }) => ({
      name,
      isCurrent,
      href: `${base}/${own ? key : CLASSES}?${new URLSearchParams([
        ...kept,
        ['anno', name],
        ...(isCurrent ? [] : Object.entries(page.elsewhere ?? {})),
      ])}`,
    })),
  }
}
