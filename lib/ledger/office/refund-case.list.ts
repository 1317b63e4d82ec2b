import type { NamedView, OfficeList } from '#lib/lists/list.ts'

/** The families that left a service with a credit. */
export const REFUND_LIST: OfficeList = {
  key: 'rimborsi',
  title: 'Rimborsi',
  opens: 'money:adjust',
  columns: [
    { key: 'famiglia', label: 'Famiglia', isSorted: true, onPhone: true },
    { key: 'saldo', label: 'Saldo', kind: 'euro', isSorted: true, onPhone: true },
    { key: 'stato', label: 'Stato', onPhone: true },
    { key: 'ultimo', label: 'Ultimo giorno', kind: 'day', isSorted: true },
    { key: 'perche', label: 'Perché' },
    { key: 'servizio', label: 'Servizio', isExtra: true },
    { key: 'aperto', label: 'Aperto il', kind: 'day', isSorted: true },
    { key: 'chi', label: 'Chi' },
    { key: 'deciso', label: 'Che cosa' },
  ],
  filters: [
    {
      key: 'stato',
      label: 'Stato',
      kind: 'choice',
      initial: 'da-decidere',
      options: [
        { value: 'da-decidere', label: 'Da decidere' },
        { value: 'decisi', label: 'Decisi, da fare' },
        { value: 'chiusi', label: 'Chiusi' },
      ],
    },
    {
      key: 'perche',
      label: 'Perché',
      kind: 'choice',
      options: [
        { value: 'ended', label: 'Iscrizione finita' },
        { value: 'rollover', label: 'Uscita con l’anno scolastico' },
        { value: 'late', label: 'Credito arrivato dopo l’uscita' },
      ],
    },
  ],
  sort: [{ key: 'aperto', isDown: false }],
}

/** Ways to see the list that are there for all who open it. */
export const REFUND_VIEWS: readonly NamedView[] = [
  { label: 'Da decidere', query: '' },
  { label: 'Da restituire', query: 'stato=decisi&ordina=famiglia' },
]
