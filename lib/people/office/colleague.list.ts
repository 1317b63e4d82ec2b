import { OFFICE_ROLES, PARTIAL_ROLES } from '#lib/access/viewer.ts'
import type { OfficeList } from '#lib/lists/list.ts'
import { STAFF_ROLE_NAMES } from './colleague.words.ts'

/** The people of the office, with the roles that they have or had. */
export const COLLEAGUE_LIST: OfficeList = {
  key: 'colleghi',
  title: 'Colleghi',
  opens: 'staff:manage',
  columns: [
    { key: 'nome', label: 'Nome', isSorted: true, onPhone: true },
    { key: 'ruoli', label: 'Ruoli', onPhone: true, isWide: true },
    { key: 'dal', label: 'Qui dal', kind: 'day', isSorted: true },
    { key: 'email', label: 'E-mail', isExtra: true },
  ],
  filters: [
    { key: 'cerca', label: 'Nome o cognome', kind: 'words' },
    {
      key: 'ruolo',
      label: 'Ruolo',
      kind: 'choice',
      options: [...OFFICE_ROLES, ...PARTIAL_ROLES].map((role) => ({
        value: role,
        label: STAFF_ROLE_NAMES[role],
      })),
    },
    {
      key: 'stato',
      label: 'Stato',
      kind: 'choice',
      initial: 'qui',
      options: [
        { value: 'qui', label: 'Lavorano qui' },
        { value: 'prima', label: 'Non lavorano più qui' },
      ],
    },
  ],
  sort: [{ key: 'nome', isDown: false }],
}
