import { listInWords } from '#lib/words/list.ts'
import { ORIGINAL } from '#lib/words/locales.ts'
import { SUPPLIER_LABELS } from './supplier.fields.ts'
import { changedData, type HeldInvoices, type SupplierData, type SupplierNow } from './supplier.ts'

const MOST_NAMED = 5

const heldInWords = ({ issuable, stillWaiting }: HeldInvoices): string[] => {
  const named = issuable.slice(0, MOST_NAMED).join(', ')
  const more = issuable.length > MOST_NAMED ? ' e altre' : ''
  return [
    ...(issuable.length === 1 ? [`Entro un minuto parte una fattura che aspettava: ${named}.`] : []),
    ...(issuable.length > 1
      ? [`Entro un minuto partono ${issuable.length} fatture che aspettavano: ${named}${more}.`]
      : []),
    ...(stillWaiting === 1
      ? ['Una fattura aspetta ancora un altro dato: la trovi in Pagamenti da sistemare.']
      : []),
    ...(stillWaiting > 1
      ? [`${stillWaiting} fatture aspettano ancora un altro dato: le trovi in Pagamenti da sistemare.`]
      : []),
    ...(issuable.length === 0 && stillWaiting === 0 ? ['Nessuna fattura aspetta questi dati.'] : []),
  ]
}

const othersInWords = (municipalities: readonly string[]): string[] =>
  municipalities.length > 1
    ? [
        `Valgono per tutti i Comuni di questo gestore: ${listInWords(municipalities, ORIGINAL)}. Anche lì partono le fatture che aspettavano questi dati.`,
      ]
    : []

/** What a change of the supplier's data would do. */
export const supplierInWords = (now: SupplierNow, asked: SupplierData, held: HeldInvoices): string[] => [
  ...changedData(now.data, asked).map(
    (name) => `${SUPPLIER_LABELS[name]}: da “${now.data[name]}” a “${asked[name]}”.`,
  ),
  ...heldInWords(held),
  'Le fatture già emesse restano come sono.',
  ...othersInWords(now.municipalities),
]
