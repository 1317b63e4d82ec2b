import type { FoundName } from './people-search.ts'

const ROLES: Readonly<Record<FoundName['role'], string>> = {
  pupil: 'alunno',
  holder: 'intestatario',
  delegate: 'delegato',
}

/** "Laura Rossi (delegato)": why a family was found. */
export const foundNamesInWords = (names: readonly FoundName[]): string =>
  names.map(({ name, role }) => `${name} (${ROLES[role]})`).join(', ')
