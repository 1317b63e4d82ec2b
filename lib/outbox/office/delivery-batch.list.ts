import type { OfficeList } from '#lib/lists/list.ts'
import { STATE_WORDS } from './delivery-batch.ts'

/** What the office sent: a line for each message to many, and for each day of a kind of message to single persons. */
export const DELIVERY_BATCH_LIST: OfficeList = {
  key: 'invii',
  title: 'Invii',
  opens: 'deliveries:manage',
  columns: [
    { key: 'messaggio', label: 'Messaggio', onPhone: true },
    { key: 'tipo', label: 'Tipo' },
    { key: 'quando', label: 'Quando', isSorted: true, onPhone: true },
    { key: 'avvisati', label: 'Nel portale', kind: 'number' },
    { key: 'spediti', label: STATE_WORDS.sent, kind: 'number' },
    { key: 'coda', label: STATE_WORDS.waiting, kind: 'number' },
    { key: 'rifiutati', label: STATE_WORDS.refused, kind: 'number', onPhone: true },
    { key: 'dubbio', label: STATE_WORDS.inDoubt, kind: 'number' },
    { key: 'abbandonati', label: STATE_WORDS.givenUp, kind: 'number' },
  ],
  filters: [
    { key: 'cerca', label: 'Titolo', kind: 'words' },
    { key: 'tipo', label: 'Tipo', kind: 'choice', isValue: (text) => /^[a-z:-]{1,60}$/.test(text) },
    {
      key: 'stato',
      label: 'Stato',
      kind: 'choice',
      options: [
        { value: 'in-coda', label: 'qualcosa è in coda' },
        { value: 'non-arrivati', label: 'qualcosa non è arrivato' },
      ],
    },
  ],
  sort: [{ key: 'quando', isDown: true }],
}
