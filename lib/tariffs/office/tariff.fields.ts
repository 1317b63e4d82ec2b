import type { Day } from '#lib/kernel/day.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { longDay } from '#lib/words/format-day.ts'

const firstDayInWords = (firstDay: Day): string =>
  `Il primo giorno ancora aperto in cucina è ${longDay(firstDay)}.`

/** A price from a day on. */
export const priceFields = (firstDay: Day): OfficeField[] => [
  { kind: 'price', name: 'price', label: 'Prezzo', hint: 'Per esempio 5,40.' },
  { kind: 'day', name: 'from', label: 'Vale dal', hint: firstDayInWords(firstDay), value: firstDay },
  {
    kind: 'line',
    name: 'note',
    label: 'Atto o nota (facoltativo)',
    hint: 'Per esempio “Delibera di Giunta n. 45”. Resta nella storia dei prezzi.',
    max: 200,
  },
]

/** What a band is called and what it is for. */
export const bandFields = (band?: { name: string; description: string }): OfficeField[] => [
  {
    kind: 'line',
    name: 'name',
    label: 'Nome',
    hint: 'Chiunque lo legge nella scheda del servizio.',
    max: 80,
    ...(band ? { value: band.name } : {}),
  },
  {
    kind: 'text',
    name: 'description',
    label: 'A chi spetta (facoltativo)',
    max: 300,
    ...(band ? { value: band.description } : {}),
  },
]

/** A band by a rule: whom, which, when. */
export const fareRuleFields = (
  rules: readonly { value: string; label: string }[],
  bands: readonly { value: string; label: string }[],
  firstDay: Day,
): OfficeField[] => [
  { kind: 'choice', name: 'rule', label: 'A chi spetta', options: rules },
  { kind: 'choice', name: 'bandCode', label: 'Fascia', options: bands },
  { kind: 'day', name: 'from', label: 'Dal', hint: firstDayInWords(firstDay), value: firstDay },
  { kind: 'day', name: 'to', label: 'Fino al', hint: 'Vuoto: fino alla fine dell’anno scolastico.' },
  {
    kind: 'text',
    name: 'reason',
    label: 'Atto o motivo',
    hint: 'Per esempio “Delibera di Giunta n. 45”. Resta in ufficio.',
    max: 300,
  },
]

/** A band for a pupil, from a day to another. */
export const fareFields = (
  bands: readonly { value: string; label: string }[],
  { firstDay, yearEndsOn }: { firstDay: Day; yearEndsOn: Day },
): OfficeField[] => [
  {
    kind: 'choice',
    name: 'bandCode',
    label: 'Fascia',
    options: [{ value: '', label: 'Nessuna: prezzo intero' }, ...bands],
  },
  { kind: 'day', name: 'from', label: 'Dal', hint: firstDayInWords(firstDay), value: firstDay },
  {
    kind: 'day',
    name: 'to',
    label: 'Fino al',
    hint: 'Se torna al prezzo intero non serve.',
    value: yearEndsOn,
  },
  {
    kind: 'text',
    name: 'reason',
    label: 'Motivo',
    hint: 'Resta in ufficio. La famiglia sa solo che il prezzo è cambiato.',
    max: 300,
  },
]
