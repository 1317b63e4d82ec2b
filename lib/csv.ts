import { stringify } from 'csv-stringify/sync'

/** A cell of free text. A spreadsheet runs what begins like a formula: an apostrophe makes it text again. */
export const csvText = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** Rows for a spreadsheet set to Italian: semicolons, UTF-8 with its mark. Free text goes through `csvText` first. */
export const italianCsv = (rows: readonly (readonly (string | number)[])[]): string =>
  stringify(rows as (string | number)[][], { bom: true, delimiter: ';', record_delimiter: '\r\n' })
