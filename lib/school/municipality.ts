import type { Day } from '#lib/kernel/day.ts'
import type { MunicipalitySettings } from './settings.ts'

/** A municipality and who runs its canteen, as every page needs them. Public data only. */
export type Municipality = {
  id: string
  slug: string
  name: string
  province: string
  region: string
  /** In one line; `street` and `postcode` are its parts. */
  address: string
  street: string
  postcode: string
  fiscalCode: string
  phone: string
  email: string
  pec: string
  operator: { name: string; address: string; vatNumber: string; phone: string; email: string }
  settings: MunicipalitySettings
}

/** A municipality in the list to choose from. */
export type MunicipalityChoice = {
  id: string
  slug: string
  name: string
  province: string
  operatorName: string
}

export type SchoolKind = 'infanzia' | 'primaria' | 'secondaria'

/** The days and the cutoff of one school in the current school year. */
export type SchoolSchedule = {
  name: string
  kind: SchoolKind
  weekdays: number[]
  /** `HH:MM:SS`, wall clock in Italy. */
  cutoffTime: string
  cutoffDaysBefore: number
  startsOn: Day
  endsOn: Day
}

const LONGEST_SEARCH = 80

/** What a person types to find a municipality, made comparable: no edges, no runs of spaces, at most 80 characters. */
export const searchText = (typed: unknown): string =>
  typeof typed === 'string'
    ? typed
        .normalize('NFC')
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, LONGEST_SEARCH)
    : ''
