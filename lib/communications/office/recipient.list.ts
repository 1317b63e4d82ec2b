import type { OfficeList } from '#lib/lists/list.ts'

/** Who got a communication and what they did, one adult a line. */
export const RECIPIENT_LIST: OfficeList = {
  key: 'destinatari',
  title: 'Destinatari',
  opens: 'communications:write',
  columns: [
    { key: 'famiglia', label: 'Famiglia', isSorted: true, onPhone: true },
    { key: 'persona', label: 'Persona', isSorted: true, onPhone: true },
    { key: 'ruolo', label: 'Ruolo' },
    { key: 'email', label: 'E-mail' },
    { key: 'letta', label: 'Letta', isSorted: true, onPhone: true },
    { key: 'confermata', label: 'Confermata', onPhone: true },
    { key: 'confermata-da', label: 'Confermata da' },
    { key: 'tardi', label: 'Dopo il termine' },
  ],
  filters: [
    { key: 'cerca', label: 'Famiglia o persona', kind: 'words' },
    {
      key: 'stato',
      label: 'Stato',
      kind: 'choice',
      options: [
        { value: 'non-letta', label: 'Non hanno letto' },
        { value: 'letta', label: 'Hanno letto' },
        { value: 'non-confermata', label: 'Non hanno confermato' },
        { value: 'confermata', label: 'Hanno confermato' },
      ],
    },
    {
      key: 'email',
      label: 'E-mail',
      kind: 'choice',
      options: [
        { value: 'si', label: 'con e-mail' },
        { value: 'no', label: 'senza e-mail' },
      ],
    },
  ],
  sort: [{ key: 'famiglia', isDown: false }],
}

const OF_CONFIRMING = new Set(['confermata', 'confermata-da', 'tardi'])

/** The list of a communication that asks for no confirmation: it says nothing of any. */
export const RECIPIENTS_WITHOUT_CONFIRMING: OfficeList = {
  ...RECIPIENT_LIST,
  columns: RECIPIENT_LIST.columns.filter(({ key }) => !OF_CONFIRMING.has(key)),
  filters: RECIPIENT_LIST.filters.map((filter) =>
    filter.key === 'stato' && filter.kind === 'choice'
      ? { ...filter, options: (filter.options ?? []).filter(({ value }) => !value.endsWith('confermata')) }
      : filter,
  ),
}
