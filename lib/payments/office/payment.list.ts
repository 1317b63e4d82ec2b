import { isUuid } from '#lib/kernel/uuid.ts'
import type { NamedView, OfficeList } from '#lib/lists/list.ts'
import { TOP_UP_STATES } from '../top-up.ts'
import { METHOD_WORDS } from './payment.words.ts'
import { FINDING_WORDS, TOP_UP_STATE_WORDS } from './payment-alarm.words.ts'

const options = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))

/** Every top-up, also those that did not work. */
export const PAYMENT_LIST: OfficeList = {
  key: 'denaro',
  title: 'Ricariche e pagamenti',
  opens: 'money:read',
  columns: [
    { key: 'giorno', label: 'Giorno', kind: 'day', isSorted: true, onPhone: true },
    { key: 'ora', label: 'Ora' },
    { key: 'famiglia', label: 'Famiglia', isSorted: true, onPhone: true },
    { key: 'pagante', label: 'Chi paga' },
    { key: 'importo', label: 'Importo', kind: 'euro', isSorted: true, onPhone: true },
    { key: 'stato', label: 'Stato', onPhone: true },
    { key: 'metodo', label: 'Come' },
    { key: 'fattura', label: 'Fattura', needs: 'invoices:read' },
    { key: 'allarme', label: 'Da sistemare' },
    { key: 'ordine', label: 'Numero dell’ordine' },
    { key: 'operazione', label: 'Operazione del gestore dei pagamenti', isExtra: true },
    { key: 'servizio', label: 'Servizio', isExtra: true },
    { key: 'pasti', label: 'Pasti', kind: 'number', isExtra: true },
    { key: 'modo', label: 'Modo', isExtra: true },
  ],
  filters: [
    { key: 'cerca', label: 'Cerca', kind: 'words', hint: 'Ordine, famiglia, fattura, importo…' },
    {
      key: 'quando',
      label: 'Giorno, mese o anno',
      kind: 'words',
      hint: '24/11/2026, 11/2026, questo mese…',
    },
    {
      key: 'stato',
      label: 'Stato',
      kind: 'choice',
      options: TOP_UP_STATES.map((value) => ({ value, label: TOP_UP_STATE_WORDS[value] })),
    },
    { key: 'metodo', label: 'Come', kind: 'choice', options: options(METHOD_WORDS) },
    {
      key: 'allarme',
      label: 'Da sistemare',
      kind: 'choice',
      options: [
        { value: 'aperti', label: 'Qualunque cosa' },
        ...Object.entries(FINDING_WORDS).map(([value, { name }]) => ({ value, label: name })),
      ],
    },
    {
      key: 'fattura',
      label: 'Fattura',
      kind: 'choice',
      needs: 'invoices:read',
      options: [
        { value: 'completa', label: 'Completa' },
        { value: 'aspetta', label: 'Aspetta un dato' },
        { value: 'nessuna', label: 'Nessuna' },
      ],
    },
    { key: 'famiglia', label: 'Famiglia', kind: 'choice', isValue: isUuid },
  ],
  sort: [{ key: 'giorno', isDown: true }],
}

/** Ways to see the list that are there for all who open it. */
export const PAYMENT_VIEWS: readonly NamedView[] = [
  { label: 'Questo mese', query: 'quando=questo+mese' },
  { label: 'Accreditate oggi', query: 'quando=oggi&stato=paid' },
  { label: 'Accreditate il mese scorso', query: 'quando=mese+scorso&stato=paid' },
  { label: 'Da sistemare', query: 'allarme=aperti' },
]
