import type { NamedView, OfficeList } from '#lib/lists/list.ts'

/** The families, with their pupils and the person who pays. */
export const HOUSEHOLD_LIST: OfficeList = {
  key: 'famiglie',
  title: 'Famiglie',
  opens: 'household:manage',
  columns: [
    { key: 'famiglia', label: 'Famiglia', isSorted: true, onPhone: true },
    { key: 'alunni', label: 'Alunni', onPhone: true },
    { key: 'intestatario', label: 'Intestatario' },
    { key: 'telefono', label: 'Telefono' },
    { key: 'email', label: 'E-mail', isExtra: true },
    {
      key: 'saldo',
      label: 'Saldo',
      kind: 'euro',
      isSorted: true,
      isExtra: true,
      onPhone: true,
      needs: 'money:read',
    },
    { key: 'trovata', label: 'Trovata per' },
  ],
  filters: [
    { key: 'cerca', label: 'Nome, telefono o codice fiscale', kind: 'words' },
    {
      key: 'iscritti',
      label: 'Alunni iscritti',
      kind: 'choice',
      options: [
        { value: 'si', label: 'con alunni iscritti' },
        { value: 'no', label: 'senza alunni iscritti' },
      ],
    },
    {
      key: 'saldo',
      label: 'Saldo',
      kind: 'choice',
      needs: 'money:read',
      options: [{ value: 'sotto-zero', label: 'sotto zero' }],
    },
  ],
  sort: [{ key: 'famiglia', isDown: false }],
}

/** Ways to see the list that are there for all who open it. */
export const HOUSEHOLD_VIEWS: readonly NamedView[] = [
  { label: 'Tutte', query: '' },
  {
    label: 'Conti sotto zero',
    query:
      'saldo=sotto-zero&ordina=saldo&colonna=famiglia&colonna=alunni&colonna=intestatario&colonna=telefono&colonna=saldo',
  },
]
