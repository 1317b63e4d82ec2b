import type { Cents } from '#lib/kernel/money.ts'
import { formatNumber } from '#lib/words/format-number.ts'
import { BALANCE_FATES, type BalanceFate, type BalanceOwner, type BalanceTotals } from '../balance.ts'
import type { ImportVerdict } from '../finding.ts'
import { fieldsOfBlock, type ImportField, type PersonBlock, type Target } from '../header.ts'
import type { Payer } from '../mapping.ts'

const STATES: Readonly<Record<string, string>> = {
  mapping: 'Colonne da scegliere',
  checking: 'Confronto in corso',
  checked: 'Da leggere e confermare',
  applying: 'Importazione in corso',
  applied: 'Importata',
  undoing: 'Annullamento in corso',
  undone: 'Annullata',
  discarded: 'Non importata',
}
export const importStateInWords = (state: string): string => STATES[state] ?? state

/** What a row is, for a heading and a count. */
export const VERDICT_WORDS: Readonly<Record<ImportVerdict, { many: string; lead: string }>> = {
  new: { many: 'Nuovi', lead: 'Alunni che non ci sono ancora: con la conferma si registrano.' },
  changed: { many: 'Cambiati', lead: 'Alunni che ci sono già: con la conferma cambia quello che è scritto.' },
  doubtful: {
    many: 'Dubbi',
    lead: 'Decidi tu, uno per uno. Quelli che non decidi restano fuori, e non cambia niente.',
  },
  refused: {
    many: 'Da correggere',
    lead: 'Righe che così non si possono importare: correggile nel file e caricalo di nuovo.',
  },
  gone: {
    many: 'Mancano dal file',
    lead: 'Alunni iscritti in queste scuole che nel file non ci sono. L’importazione non toglie nessuno.',
  },
  same: { many: 'Uguali', lead: 'Alunni per cui il file dice quello che c’è già.' },
}

/** The same after the import, for the receipt. */
export const VERDICT_AFTER: Readonly<Record<ImportVerdict, string>> = {
  new: 'Alunni che non c’erano: si sono registrati.',
  changed: 'Alunni che c’erano già: è cambiato quello che è scritto.',
  doubtful: 'Quelli che hai accettato si sono registrati; gli altri sono rimasti fuori.',
  refused: 'Righe che non si sono importate: correggile nel file e caricalo di nuovo.',
  gone: 'Alunni iscritti in queste scuole che nel file non c’erano. L’importazione non ha tolto nessuno.',
  same: 'Alunni per cui il file diceva quello che c’era già.',
}

/** "12 nuovi, 3 dubbi"; empty before the comparison. */
export const countsInWords = (counts: Partial<Record<ImportVerdict, number>>): string =>
  Object.entries(VERDICT_WORDS)
    .flatMap(([verdict, { many }]) => {
      const n = counts[verdict as ImportVerdict] ?? 0
      return n > 0 ? [`${many.toLowerCase()}: ${formatNumber(n)}`] : []
    })
    .join(', ')

export const PAYER_WORDS: Readonly<Record<Payer, string>> = {
  first: 'Il primo adulto di ogni riga',
  second: 'Il secondo adulto di ogni riga',
  mother: 'La madre',
  father: 'Il padre',
  none: 'Per ora nessuno: lo scelgo dopo, famiglia per famiglia',
}

export const OWNER_WORDS: Readonly<Record<BalanceOwner, string>> = {
  household: 'Della famiglia: ogni figlio ha scritto lo stesso saldo',
  pupil: 'Di ogni alunno: i saldi dei fratelli si sommano',
}

const FATE_WORDS: Readonly<Record<BalanceFate, string>> = {
  write: 'Si registrano',
  same: 'Ci sono già',
  doubtful: 'In dubbio',
  later: 'Dopo gli alunni',
  refused: 'Da correggere',
}

/** A line for each kind of balance that the file has, and how many families. */
export const balanceLines = (totals: BalanceTotals): { label: string; households: number; cents: Cents }[] =>
  BALANCE_FATES.flatMap((fate) =>
    totals[fate].households > 0 ? [{ label: FATE_WORDS[fate], ...totals[fate] }] : [],
  )

const FIELD_WORDS: Readonly<Record<ImportField, string>> = {
  familyName: 'cognome',
  givenName: 'nome',
  bothNames: 'cognome e nome insieme',
  fiscalCode: 'codice fiscale',
  birthDay: 'data di nascita',
  email: 'e-mail',
  phone: 'telefono',
  relation: 'parentela o ruolo',
  school: 'scuola',
  class: 'classe',
  section: 'sezione',
  balance: 'saldo (col meno se deve)',
  debt: 'debito',
  band: 'fascia o prezzo del pasto',
  bandFrom: 'fascia, dal',
  bandTo: 'fascia, fino al',
  until: 'delega fino al',
}

const BLOCK_WORDS: Readonly<Record<PersonBlock, string>> = {
  pupil: 'Alunno',
  pupil2: 'Secondo alunno della riga',
  pupil3: 'Terzo alunno della riga',
  adult1: 'Primo adulto',
  adult2: 'Secondo adulto',
  person1: 'Persona 1 della famiglia',
  person2: 'Persona 2 della famiglia',
  person3: 'Persona 3 della famiglia',
  person4: 'Persona 4 della famiglia',
  person5: 'Persona 5 della famiglia',
  person6: 'Persona 6 della famiglia',
}

/** What a column may be, in groups: for the list of each column. */
export const TARGET_GROUPS: readonly { label: string; options: { value: Target; label: string }[] }[] =
  Object.entries(BLOCK_WORDS).map(([block, label]) => ({
    label,
    options: fieldsOfBlock(block as PersonBlock).map((field) => ({
      value: `${block}.${field}` as Target,
      label: `${label}: ${FIELD_WORDS[field]}`,
    })),
  }))
