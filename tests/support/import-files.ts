import { strToU8, zipSync } from 'fflate'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { writeWorkbook } from '#lib/imports/workbook.ts'

/** Invented people whose codes are true. */
export const childCode = (
  familyName: string,
  givenName: string,
  birthDay = '2018-04-09',
  sex: 'F' | 'M' = 'F',
) => makeFiscalCode({ familyName, givenName, birthDay, sex })
export const adultCode = (familyName: string, givenName: string, sex: 'F' | 'M' = 'M') =>
  makeFiscalCode({ familyName, givenName, birthDay: '1984-11-02', sex })

export const HEADERS = [
  ...['Cognome alunno', 'Nome alunno', 'Codice fiscale alunno', 'Data di nascita', 'Scuola', 'Classe'],
  ...['Cognome padre', 'Nome padre', 'CF padre', 'Tel padre', 'Cognome madre', 'Nome madre', 'CF madre'],
] as const

export type FileFamily = {
  child?: [family: string, given: string]
  birthDay?: string
  code?: string
  school?: string
  className?: string
  father?: [family: string, given: string] | null
  mother?: [family: string, given: string] | null
}

/** A row of a register's list: the pupil, the father's block, the mother's. */
export function row(school: string, { child = ['Vianello', 'Bianca'], ...rest }: FileFamily = {}): string[] {
  const { birthDay = '2018-04-09', father = ['Vianello', 'Sergio'], mother = ['Costa', 'Irene'] } = rest
  return [
    ...child,
    rest.code ?? childCode(child[0], child[1], birthDay),
    birthDay.split('-').reverse().join('/'),
    rest.school ?? school,
    rest.className ?? '3A',
    ...(father ? [...father, adultCode(...father), '3400000001'] : ['', '', '', '']),
    ...(mother ? [...mother, adultCode(...mother, 'F')] : ['', '', '']),
  ]
}

const quoted = (cell: string): string => (/[;",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

export const csv = (rows: readonly (readonly string[])[], separator = ';'): string =>
  rows.map((cells) => cells.map(quoted).join(separator)).join('\r\n')

export const bytes = (text: string): Uint8Array => strToU8(text)
export const utf16 = (text: string, order: 'le' | 'be'): Uint8Array => {
  const le = Buffer.from(`\uFEFF${text}`, 'utf16le')
  return order === 'le' ? le : Buffer.from(le).swap16()
}
/** Latin letters as Windows writes them: enough of the table for names. */
export const windows1252 = (text: string): Uint8Array =>
  Uint8Array.from(text.replaceAll('’', '\u0092').replaceAll('€', '\u0080'), (letter) => letter.charCodeAt(0))

export const xlsx = (rows: readonly (readonly string[])[]): Uint8Array =>
  writeWorkbook([{ name: 'Alunni', rows }])

/** A workbook from the XML of its one sheet, for cells that our own writer does not make. */
export function rawXlsx(sheet: string, parts: Readonly<Record<string, string>> = {}): Uint8Array {
  const all: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="Foglio1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': sheet,
    ...parts,
  }
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, strToU8(text)])))
}

export const htmlTable = (rows: readonly (readonly string[])[]): string =>
  `<html><body><table>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</table></body></html>`

const CONSONANTS = 'bcdfghlmnpqrstvzjkwxy'

/** An invented surname of its own for each number below 9,261, and with it codes of its own. */
export function surname(n: number): string {
  const [first = '', second = '', third = ''] = [1, 21, 441].map((power) =>
    CONSONANTS.charAt(Math.floor(n / power) % CONSONANTS.length),
  )
  return `${first.toUpperCase()}a${second}e${third}o`
}
