import { LOAD_SLUG } from '#db/load.ts'

/** The least that a ratio must reach; a row has those that speak of it. */
export type Musts = { plain?: number; empty?: number; against?: number; pgOverFloor?: number }

export type RowName = 'calendar' | 'today' | 'balance' | 'calendar.json' | 'cancel'

/** One line of the comparison: what a visitor asks of the portal, and of the floor with the product's own statements. */
export type Row = {
  name: RowName
  title: string
  path: string
  /** Where the floor answers the same; null where it does not. */
  floorPath: string | null
  kind: 'page' | 'data' | 'change'
  musts: Musts
}

export const ROWS: readonly Row[] = [
  {
    name: 'calendar',
    title: 'calendar page',
    path: `/${LOAD_SLUG}/prenotazioni`,
    floorPath: '/calendar',
    kind: 'page',
    musts: { plain: 0.027, empty: 0.22, against: 1.6 },
  },
  {
    name: 'today',
    title: '*Oggi*',
    path: `/${LOAD_SLUG}/oggi`,
    floorPath: null,
    kind: 'page',
    musts: { plain: 0.025, empty: 0.2, against: 1.4 },
  },
  {
    name: 'balance',
    title: 'balance page',
    path: `/${LOAD_SLUG}/pagamenti`,
    floorPath: '/balance',
    kind: 'page',
    musts: { plain: 0.025, empty: 0.2, against: 1.4 },
  },
  {
    name: 'calendar.json',
    title: 'calendar as JSON',
    path: `/api/${LOAD_SLUG}/prenotazioni`,
    floorPath: '/calendar.json',
    kind: 'data',
    musts: { plain: 0.12, against: 2 },
  },
  {
    name: 'cancel',
    title: 'cancel or restore a meal',
    path: `/api/${LOAD_SLUG}/prenotazioni`,
    floorPath: '/cancel',
    kind: 'change',
    musts: { against: 1.1, pgOverFloor: 1.2 },
  },
]

/** The row of a name. */
export const rowOf = (name: RowName): Row => ROWS.find((row) => row.name === name) as Row
