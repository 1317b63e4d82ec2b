import { csvText } from '#lib/kernel/csv.ts'
import { decimalString } from '#lib/kernel/money.ts'

/**
 * What a column has. `cents` is written twice: with the comma of a spreadsheet, and as whole cents under the name with `_centesimi`.
 * `text` begins with an apostrophe where a spreadsheet would take it for a formula.
 */
export type ExportKind = 'id' | 'text' | 'day' | 'instant' | 'number' | 'yes' | 'cents'
export type ExportColumn = readonly [name: string, kind: ExportKind, what: string]
export type ExportTable = { file: string; what: string; columns: readonly ExportColumn[] }

const id = (name: string, what: string): ExportColumn => [name, 'id', what]
const text = (name: string, what: string): ExportColumn => [name, 'text', what]
const day = (name: string, what: string): ExportColumn => [name, 'day', what]

const SCHOOL_TABLES = [
  {
    file: 'comune.csv',
    what: 'Il Comune e l’istante dell’esportazione.',
    columns: [
      id('id', 'Chiave del Comune'),
      text('nome', 'Nome'),
      text('provincia', 'Sigla'),
      text('codice_fiscale', 'Codice fiscale dell’ente'),
      text('indirizzo', 'Via e numero'),
      text('cap', 'CAP'),
      text('email', 'E-mail'),
      text('pec', 'PEC'),
      text('telefono', 'Telefono'),
      ['esportato_il', 'instant', 'Movimenti, fatture e comunicazioni arrivano fin qui'],
    ],
  },
  {
    file: 'anni.csv',
    what: 'Gli anni scolastici.',
    columns: [
      id('id', 'Chiave'),
      text('nome', 'Come 2026/2027'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno'),
    ],
  },
  {
    file: 'scuole.csv',
    what: 'Le scuole.',
    columns: [
      id('id', 'Chiave'),
      text('nome', 'Nome'),
      text('ordine', 'infanzia, primaria o secondaria'),
      text('indirizzo', 'Via e numero'),
      text('codice_meccanografico', 'Dieci caratteri; vuoto se manca'),
      day('fino_al', 'Ultimo giorno; vuoto se è aperta'),
    ],
  },
  {
    file: 'classi.csv',
    what: 'Le classi di ogni anno.',
    columns: [
      id('id', 'Chiave'),
      id('scuola_id', 'In scuole.csv'),
      id('anno_id', 'In anni.csv'),
      text('nome', 'Come 3A'),
      day('fino_al', 'Ultimo giorno; vuoto se c’è'),
    ],
  },
  {
    file: 'servizi.csv',
    what: 'I servizi: mensa, merenda, trasporto.',
    columns: [
      id('id', 'Chiave'),
      text('codice', 'Codice'),
      text('nome', 'Nome'),
      ['attivo', 'yes', 'sì o no'],
    ],
  },
  {
    file: 'orari.csv',
    what: 'I giorni e il termine di ogni servizio in ogni scuola.',
    columns: [
      id('servizio_id', 'In servizi.csv'),
      id('scuola_id', 'In scuole.csv'),
      id('anno_id', 'In anni.csv'),
      text('giorni', 'Da 1 lunedì a 7 domenica, con uno spazio fra l’uno e l’altro'),
      text('termine', 'Ora fino a cui si disdice'),
      ['giorni_prima', 'number', '0: il giorno stesso'],
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno'),
    ],
  },
  {
    file: 'chiusure.csv',
    what: 'Feste e chiusure che valgono.',
    columns: [
      id('id', 'Chiave'),
      id('servizio_id', 'In servizi.csv'),
      id('scuola_id', 'In scuole.csv; vuoto per tutte'),
      day('giorno', 'Giorno'),
      text('tipo', 'holiday, closure, strike o trip'),
      text('motivo', 'Motivo'),
    ],
  },
  {
    file: 'prezzi.csv',
    what: 'I prezzi di un pasto, interi e per fascia.',
    columns: [
      id('servizio_id', 'In servizi.csv'),
      text('fascia', 'Codice in fasce.csv; vuoto per il prezzo intero'),
      day('dal', 'Primo giorno; vale fino al prossimo'),
      ['prezzo', 'cents', 'Prezzo di un pasto'],
      text('nota', 'Atto o nota'),
    ],
  },
  {
    file: 'fasce.csv',
    what: 'Le fasce di prezzo.',
    columns: [
      id('servizio_id', 'In servizi.csv'),
      text('codice', 'Codice'),
      text('nome', 'Nome'),
      text('descrizione', 'A chi spetta'),
    ],
  },
  {
    file: 'diete.csv',
    what: 'I codici delle diete.',
    columns: [
      text('codice', 'Codice'),
      text('nome', 'Nome'),
      text('legenda', 'Che cosa vuol dire in cucina'),
    ],
  },
] as const satisfies readonly ExportTable[]

const PEOPLE_TABLES = [
  {
    file: 'famiglie.csv',
    what: 'Le famiglie: a ognuna un conto per servizio.',
    columns: [id('id', 'Chiave'), text('nome', 'Nome'), ['dal', 'instant', 'Registrata il']],
  },
  {
    file: 'persone.csv',
    what: 'Gli adulti.',
    columns: [
      id('id', 'Chiave'),
      text('cognome', 'Cognome'),
      text('nome', 'Nome'),
      text('codice_fiscale', 'Sedici caratteri, o undici se provvisorio'),
      day('nascita', 'Vuoto se lo dice il codice'),
      text('email', 'E-mail'),
      text('telefono', 'Telefono'),
      text('indirizzo', 'Via e numero'),
      text('cap', 'CAP'),
      text('citta', 'Città'),
      text('provincia', 'Sigla'),
      text('paese', 'Sigla ISO'),
    ],
  },
  {
    file: 'ruoli.csv',
    what: 'Chi paga e chi è delegato in ogni famiglia, anche prima.',
    columns: [
      id('id', 'Chiave'),
      id('famiglia_id', 'In famiglie.csv'),
      id('persona_id', 'In persone.csv'),
      text('ruolo', 'pagante o delegato'),
      ['tutti_gli_alunni', 'yes', 'no: solo gli alunni in alunni'],
      text('alunni', 'Chiavi in alunni.csv, con uno spazio fra l’una e l’altra'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno; vuoto se non è deciso'),
      ['finito_il', 'instant', 'Vuoto se dura'],
    ],
  },
  {
    file: 'alunni.csv',
    what: 'Gli alunni.',
    columns: [
      id('id', 'Chiave'),
      id('famiglia_id', 'In famiglie.csv'),
      text('cognome', 'Cognome'),
      text('nome', 'Nome'),
      text('codice_fiscale', 'Sedici caratteri, o undici se provvisorio; vuoto se non c’è ancora'),
      day('nascita', 'Data di nascita'),
    ],
  },
  {
    file: 'iscrizioni.csv',
    what: 'Dove e quando mangia ogni alunno, e con quale dieta. Dati sulla salute: chi riceve il file li protegge.',
    columns: [
      id('id', 'Chiave'),
      id('alunno_id', 'In alunni.csv'),
      id('servizio_id', 'In servizi.csv'),
      id('scuola_id', 'In scuole.csv'),
      id('classe_id', 'In classi.csv'),
      id('anno_id', 'In anni.csv'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno'),
      text('giorni', 'Solo questi, da 1 lunedì a 7 domenica; vuoto: tutti quelli della scuola'),
      text('dieta', 'Codice in diete.csv'),
      ['reazione_grave', 'yes', 'sì o no'],
    ],
  },
  {
    file: 'tariffe_alunni.csv',
    what: 'La fascia di ogni alunno, con le date. Senza una fascia si paga il prezzo intero.',
    columns: [
      id('id', 'Chiave'),
      id('alunno_id', 'In alunni.csv'),
      id('servizio_id', 'In servizi.csv'),
      text('fascia', 'Codice in fasce.csv'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno'),
    ],
  },
  {
    file: 'disdette.csv',
    what: 'I pasti disdetti che valgono.',
    columns: [
      id('alunno_id', 'In alunni.csv'),
      id('servizio_id', 'In servizi.csv'),
      id('scuola_id', 'In scuole.csv'),
      day('giorno', 'Giorno del pasto'),
      text('ricevuta', 'Numero della ricevuta'),
    ],
  },
] as const satisfies readonly ExportTable[]

const MONEY_TABLES = [
  {
    file: 'conti.csv',
    what: 'Il conto di ogni famiglia per ogni servizio. Il saldo è la somma dei suoi movimenti.',
    columns: [
      id('id', 'Chiave'),
      id('famiglia_id', 'In famiglie.csv'),
      id('servizio_id', 'In servizi.csv'),
      ['saldo', 'cents', 'A credito; col meno a debito'],
    ],
  },
  {
    file: 'movimenti.csv',
    what: 'I movimenti dei conti delle famiglie, pasti compresi, dal primo.',
    columns: [
      id('id', 'Chiave'),
      id('registrazione_id', 'Le righe di una registrazione'),
      id('conto_id', 'In conti.csv'),
      text('tipo', 'opening, top_up, meals, meals_reversal, adjustment, refund o chargeback'),
      day('giorno', 'Del pasto, o del saldo iniziale; vuoto per gli altri'),
      ['registrato_il', 'instant', 'Quando'],
      ['importo', 'cents', 'A favore della famiglia; col meno a carico'],
      id('alunno_id', 'In alunni.csv; vuoto se non è un pasto'),
      id('ricarica_id', 'In ricariche.csv; vuoto se non è una ricarica'),
      text('descrizione', 'Che cosa dice la registrazione'),
    ],
  },
  {
    file: 'ricariche.csv',
    what: 'Le ricariche, anche quelle non riuscite.',
    columns: [
      id('id', 'Chiave'),
      id('conto_id', 'In conti.csv'),
      id('pagatore_id', 'In persone.csv'),
      ['importo', 'cents', 'Importo'],
      text('stato', 'paid è pagata'),
      text('metodo', 'card o mybank'),
      text('ordine', 'Numero d’ordine dal gestore dei pagamenti'),
      ['creata_il', 'instant', 'Quando'],
      ['pagata_il', 'instant', 'Vuoto se non è pagata'],
    ],
  },
  {
    file: 'fatture.csv',
    what: 'Le fatture emesse. I file XML sono in conservazione, e si chiedono a parte.',
    columns: [
      id('id', 'Chiave'),
      text('numero', 'Come sta sulla fattura'),
      day('del', 'Data'),
      id('ricarica_id', 'In ricariche.csv'),
      id('famiglia_id', 'In famiglie.csv'),
      id('intestatario_id', 'In persone.csv'),
      ['imponibile', 'cents', 'Imponibile'],
      ['iva', 'cents', 'Imposta'],
      ['totale', 'cents', 'Totale'],
      text('impronta_xml', 'SHA-256 del file XML; vuoto se non c’è ancora'),
    ],
  },
  {
    file: 'comunicazioni.csv',
    what: 'Le comunicazioni pubblicate.',
    columns: [
      id('id', 'Chiave'),
      text('titolo', 'Titolo'),
      text('testo', 'Testo'),
      ['pubblicata_il', 'instant', 'Quando'],
      ['ritirata_il', 'instant', 'Vuoto se vale'],
    ],
  },
  {
    file: 'destinatari.csv',
    what: 'A quali famiglie è andata ogni comunicazione.',
    columns: [id('comunicazione_id', 'In comunicazioni.csv'), id('famiglia_id', 'In famiglie.csv')],
  },
] as const satisfies readonly ExportTable[]

/** The files of the export of a municipality, in the order in which another portal can read them. */
export const EXPORT_TABLES = [...SCHOOL_TABLES, ...PEOPLE_TABLES, ...MONEY_TABLES]
export type ExportFile = (typeof EXPORT_TABLES)[number]['file']

/** The names of a table's columns in the file. */
export const headersOf = ({ columns }: ExportTable): string[] =>
  columns.flatMap(([name, kind]) => (kind === 'cents' ? [name, `${name}_centesimi`] : [name]))

/** A value as the database gives it. */
export type ExportValue = string | number | boolean | Date | null

function cells(kind: ExportKind, value: ExportValue): (string | number)[] {
  if (kind === 'cents') {
    const amount = value === null ? '' : decimalString(Number(value)).replace('.', ',')
    return [amount, value === null ? '' : Number(value)]
  }
  if (value === null) return ['']
  if (kind === 'yes') return [value === true ? 'sì' : 'no']
  if (value instanceof Date) return [value.toISOString()]
  return [kind === 'text' ? csvText(String(value)) : String(value)]
}

/** A line of a table's file. */
export const lineOf = (
  { columns }: ExportTable,
  row: Readonly<Record<string, ExportValue>>,
): (string | number)[] => columns.flatMap(([name, kind]) => cells(kind, row[name] ?? null))

/** What the last file says of each other one, so that who reads them knows that they are whole. */
export type ExportSum = { file: string; rows: number; bytes: number; sha256: string; cents: number | null }

/** The columns of the check file. */
export const MANIFEST_FILE = 'verifica.csv'
export const MANIFEST_HEADERS = ['file', 'righe', 'byte', 'sha256', 'somma_centesimi']

/** The amount of a table that is summed in the check file: its first one; null where it has none. */
export const summedColumn = ({ columns }: ExportTable): string | null =>
  columns.find(([, kind]) => kind === 'cents')?.[0] ?? null

/** The page that explains each column, which goes with the files and is in the documentation. */
export function exportGuide(): string {
  const tables = EXPORT_TABLES.map((table: ExportTable) => {
    const lines = table.columns.map(([name, kind, what]) =>
      kind === 'cents'
        ? `| \`${name}\`, \`${name}_centesimi\` | ${what}: in euro con la virgola, e in centesimi |`
        : `| \`${name}\` | ${what} |`,
    )
    return [
      `### ${table.file}`,
      '',
      table.what,
      '',
      '| Colonna | Che cosa c’è |',
      '|---|---|',
      ...lines,
    ].join('\n')
  })
  return `${tables.join('\n\n')}\n`
}
