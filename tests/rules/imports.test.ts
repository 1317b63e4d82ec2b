import { describe, expect, test } from 'vitest'
import { headerLine, headerSet, isForbidden, proposeTargets, rowAt } from '#lib/imports/header.ts'
import { classKey, proposeMapping } from '#lib/imports/mapping.ts'
import { MODEL_COLUMNS, modelCsv, modelWorkbook, rowsToCorrect } from '#lib/imports/model-file.ts'
import { codeIn, dayIn, readPeople, tidyName } from '#lib/imports/people.ts'
import type { TableSheet } from '#lib/imports/sheet.ts'
import { readTable } from '#lib/imports/table-file.ts'
import { dayOfSerial } from '#lib/imports/workbook.ts'
import { comparableClass } from '#lib/school/class-name.ts'
import {
  bytes,
  childCode,
  csv,
  HEADERS,
  htmlTable,
  rawXlsx,
  row,
  utf16,
  windows1252,
  xlsx,
} from '#tests/support/import-files.ts'

const TODAY = '2026-11-24'

const sheetOf = (content: Uint8Array): TableSheet => {
  const read = readTable(content)
  if (!read.ok) throw new Error(read.code)
  return read.value.sheets[0] as TableSheet
}
const refusalOf = (content: Uint8Array) => {
  const read = readTable(content)
  return read.ok ? read.value.how : read.code
}
const people = (content: Uint8Array) => {
  const sheet = sheetOf(content)
  const header = headerLine(sheet) ?? 0
  return readPeople(sheet, { header, columns: proposeTargets(rowAt(sheet, header)?.cells ?? []) }, TODAY)
}

const ROWS = [[...HEADERS], row('Rodari', { child: ['D’Angelo', 'Niccolò'] })]

describe('a table', () => {
  test.each([
    ['UTF-8', bytes(csv(ROWS)), 'CSV, separatore «;», lettere UTF-8'],
    ['UTF-8 with a mark', bytes(`\uFEFF${csv(ROWS)}`), 'CSV, separatore «;», lettere UTF-8'],
    ['UTF-16, small end first', utf16(csv(ROWS, '\t'), 'le'), 'CSV, separatore tabulazione, lettere UTF-16'],
    ['UTF-16, big end first', utf16(csv(ROWS, ','), 'be'), 'CSV, separatore «,», lettere UTF-16'],
    ['UTF-16 without a mark', utf16(csv(ROWS), 'le').subarray(2), 'CSV, separatore «;», lettere UTF-16'],
    ['the letters of Windows', windows1252(csv(ROWS)), 'CSV, separatore «;», lettere Windows-1252'],
    ['a workbook', xlsx(ROWS), 'Excel (.xlsx)'],
    ['a page called .xls', bytes(htmlTable(ROWS)), 'una pagina web salvata come .xls'],
  ])('in %s keeps its accents, whatever it is called', (_, content, how) => {
    expect(refusalOf(content)).toBe(how)
    expect(sheetOf(content).rows.map(({ cells }) => cells[1])).toEqual(['Nome alunno', 'Niccolò'])
    expect(people(content).entries[0]?.pupil).toMatchObject({ familyName: "D'Angelo", givenName: 'Niccolò' })
  })

  test('with titles above finds its separator and its header', () => {
    const content = bytes(`Elenco alunni; stampato il 24/11/2026\r\n\r\n${csv(ROWS)}\r\nTotale;1`)
    expect(headerLine(sheetOf(content))).toBe(3)
    expect(people(content)).toMatchObject({ rows: 2, ignored: [{ line: 5, why: 'una riga di totale' }] })
  })

  test.each([
    ['an Excel of 1997', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]), 'imports:old-excel'],
    ['a PDF', bytes('%PDF-1.7 \u0000\u0001'), 'imports:not-a-table'],
    [
      'a picture',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 1]),
      'imports:not-a-table',
    ],
    ['nothing', new Uint8Array(), 'imports:empty'],
    ['blank lines', bytes('\r\n\r\n ;;; \r\n'), 'imports:empty'],
    ['a workbook that is cut off', xlsx(ROWS).subarray(0, 900), 'imports:broken'],
    ['a page without a table', bytes('<html><p>Sessione scaduta</p></html>'), 'imports:empty'],
  ])('that is %s is refused in words', (_, content, code) => {
    expect(refusalOf(content)).toBe(code)
  })

  test('whose workbook says that it unpacks to very much is not unpacked', () => {
    expect(refusalOf(rawXlsx(`<worksheet>${' '.repeat(65 * 1024 * 1024)}</worksheet>`))).toBe(
      'imports:too-big-inside',
    )
  })

  test('expands no entity of its own', () => {
    const bomb = `<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`
    expect(sheetOf(rawXlsx(bomb)).rows[0]?.cells[0]).not.toContain('ha')
  })

  test('with more rows than a town has is refused', () => {
    expect(refusalOf(bytes('a;b\n'.repeat(20_001)))).toBe('imports:too-many-rows')
  })

  test('has dates as days, and surnames that were merged over two rows', () => {
    const sheet =
      '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>43199</v></c></row><row r="2"><c r="B2"><v>3331234567</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>'
    const parts = {
      'xl/sharedStrings.xml': '<sst><si><r><t>Via</t></r><r><t>nello</t></r><rPh><t>no</t></rPh></si></sst>',
      'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    expect(sheetOf(rawXlsx(sheet, parts)).rows.map(({ cells }) => cells)).toEqual([
      ['Vianello', '09/04/2018'],
      ['Vianello', '3331234567'],
    ])
  })

  test('counts days as Excel does, in both of its calendars', () => {
    expect(dayOfSerial(43199)).toBe('09/04/2018')
    expect(dayOfSerial(41737, true)).toBe('09/04/2018')
    expect(dayOfSerial(12)).toBeNull()
  })
})

describe('the names of columns', () => {
  test.each([
    ['Cognome', 'pupil.familyName'],
    ['COGNOME_ALUNNO', 'pupil.familyName'],
    ['Cod. Fisc.', 'pupil.fiscalCode'],
    ['Nato/a il', 'pupil.birthDay'],
    ['RESPONSABILE1_CODICE FISCALE', 'adult1.fiscalCode'],
    ['genitore2Email', 'adult2.email'],
    ['CODICE FISCALE TUTORE', 'adult1.fiscalCode'],
    ['CODICE FISCALE ALUNNO *', 'pupil.fiscalCode'],
    ['RUOLO DEL TUTORE', 'adult1.relation'],
    ['Cognome 3', 'person3.familyName'],
    ['Nome figlio 2', 'pupil2.givenName'],
    ['Plesso', 'pupil.school'],
    ['Cl. Sez.', 'pupil.class'],
    ['Alunno', 'pupil.bothNames'],
    ['Religione', ''],
    ['Password', ''],
    ['Colore preferito', ''],
  ])('%s is %s', (header, target) => {
    expect(proposeTargets([header])).toEqual([target])
  })

  test('of health and faith can never be chosen', () => {
    expect(['Note BES', 'RELIGIONE', 'Legge 104'].map(isForbidden)).toEqual([true, true, true])
    expect(isForbidden('Cognome')).toBe(false)
  })

  test('in another order are the same set, and what was chosen for them is remembered', () => {
    const remembered = {
      headers: ['A', 'B'],
      columns: ['pupil.familyName', 'pupil.givenName'] as const,
      payer: 'mother' as const,
    }
    expect(headerSet(['b', 'A '])).toBe(headerSet(['A', 'B']))
    expect(proposeMapping({ sheet: 0, header: 1, headers: ['B', 'A'] }, remembered)).toMatchObject({
      ...{ columns: ['pupil.givenName', 'pupil.familyName'], payer: 'mother', headers: ['B', 'A'] },
    })
  })

  test('of our own model are all known, and the model holds nobody', () => {
    expect(proposeTargets(MODEL_COLUMNS.map(([name]) => name)).filter((target) => target === '')).toEqual([])
    expect(people(bytes(modelCsv()))).toMatchObject({ entries: [], rows: 0 })
    expect(people(modelWorkbook())).toMatchObject({ entries: [], rows: 0 })
  })
})

describe('a cell', () => {
  test.each([
    ['04/02/2018', '2018-02-04'],
    ['4/2/2018', '2018-02-04'],
    ['04.02.18', '2018-02-04'],
    ['2018-02-04 00:00:00', '2018-02-04'],
    ['43199', '2018-04-09'],
    ['31/12/56', '1956-12-31'],
  ])('with the date %s is a day', (text, day) => {
    expect(dayIn(text, TODAY)).toEqual({ day, bad: '' })
  })

  test('with a date that does not exist says which', () => {
    expect(dayIn('31/02/2018', TODAY)).toEqual({ day: null, bad: '31/02/2018' })
    expect(dayIn('1900-01-01', TODAY)).toEqual({ day: null, bad: '' })
  })

  test('with an invention of a program is empty', () => {
    expect(['#NESSUN DATO#', 'A1B2C3D4E5F60718', 'Non Disponibile', '0000000000'].map(codeIn)).toEqual([
      '',
      '',
      '',
      '',
    ])
    expect(codeIn(' vnl brc 18.d49 l781w')).toBe('VNLBRC18D49L781W')
  })

  test.each([
    ["GIOSUE' D'ANGELO", "Giosuè D'Angelo"],
    ['DE LUCA-ROSSI', 'De Luca-Rossi'],
    ['McDonald', 'McDonald'],
    ['D’amico', "D'amico"],
  ])('with the name %s keeps its letters', (text, name) => {
    expect(tidyName(text)).toBe(name)
  })

  test('with a class is compared as people read it', () => {
    expect(['3A', '3ª A', 'III A', 'classe 3 sez. A', 'IIIA', '3^a'].map(comparableClass)).toEqual(
      Array(6).fill('3a'),
    )
    expect(classKey('Scuola G. Rodari', '3 A')).toBe(classKey('SCUOLA G.RODARI', '3A'))
  })
})

describe('the people of a file', () => {
  test('in two blocks of a row are a pupil and two adults; the same adult twice is one', () => {
    const twice = row('Rodari', { mother: null })
    const both = [...row('Rodari').slice(0, 10), ...row('Rodari').slice(6, 9)]
    const { entries } = people(
      bytes(
        csv([
          [...HEADERS],
          row('Rodari'),
          twice.with(1, 'Luna').with(2, childCode('Vianello', 'Luna')),
          both.with(1, 'Zoe').with(2, childCode('Vianello', 'Zoe')),
        ]),
      ),
    )
    expect(
      entries.map(({ adults }) => adults.map(({ givenName, relation }) => `${givenName} ${relation}`)),
    ).toEqual([['Sergio padre', 'Irene madre'], ['Sergio padre'], ['Sergio padre']])
  })

  test('with a row for each adult are one pupil with its adults', () => {
    const headers = [
      'CODICE FISCALE ALUNNO *',
      'RUOLO DEL TUTORE *',
      'COGNOME TUTORE *',
      'NOME TUTORE *',
      'CODICE FISCALE TUTORE',
    ]
    const code = childCode('Orsini', 'Matteo', '2017-09-30', 'M')
    const { entries } = people(
      bytes(csv([headers, [code, 'MADRE', 'ORSINI', 'PAOLA', ''], [code, 'PADRE', 'ROSSI', 'UGO', '']])),
    )
    expect(entries).toMatchObject([
      {
        lines: [2, 3],
        problems: [],
        adults: [
          { givenName: 'Paola', relation: 'MADRE' },
          { givenName: 'Ugo', relation: 'PADRE' },
        ],
      },
    ])
  })

  test('numbered in a household are children by their title or their age', () => {
    const headers = [
      'Cognome 1',
      'Nome 1',
      'Cognome 2',
      'Nome 2',
      'Data nascita 2',
      'Cognome 3',
      'Nome 3',
      'Titolo 3',
      'Classe',
    ]
    const { entries } = people(
      bytes(csv([headers, ['Neri', 'Ada', 'Neri', 'Leo', '09/04/2018', 'Neri', 'Eva', 'figlia', '3A']])),
    )
    expect(
      entries.map(({ pupil, adults, className }) => [
        pupil.givenName,
        adults.map(({ givenName }) => givenName),
        className,
      ]),
    ).toEqual([
      ['Leo', ['Ada'], '3A'],
      ['Eva', ['Ada'], '3A'],
    ])
  })

  test('in a prospectus get class and school from the title above them', () => {
    const rows = [
      ['Plesso: Rodari - Classe 3 A'],
      ['Alunno', 'Codice fiscale', 'N.'],
      ['VIANELLO BIANCA', childCode('Vianello', 'Bianca'), '1'],
      ['Totale: 1'],
      ['Plesso: Rodari - Classe 4 B'],
      ['Alunno', 'Codice fiscale', 'N.'],
      ['DE LUCA ROSSI ANNA', childCode('De Luca Rossi', 'Anna'), '2'],
    ]
    expect(
      people(bytes(csv(rows))).entries.map(({ pupil, school, className }) => [
        pupil.familyName,
        pupil.givenName,
        school,
        className,
      ]),
    ).toEqual([
      ['Vianello', 'Bianca', 'Rodari', '3 A'],
      ['De Luca Rossi', 'Anna', 'Rodari', '4 B'],
    ])
  })

  test('that two rows contradict are named with both lines', () => {
    const again = row('Rodari', { className: '4B' })
    expect(people(bytes(csv([[...HEADERS], row('Rodari'), again]))).entries).toMatchObject([
      { lines: [2, 3], problems: [expect.stringContaining('Le righe 2 e 3')] },
    ])
  })

  test('are twins when only the given name differs', () => {
    const twin = row('Rodari', { child: ['Vianello', 'Luna'] })
    expect(people(bytes(csv([[...HEADERS], row('Rodari'), twin]))).entries).toHaveLength(2)
  })
})

test('the rows to correct have the columns of the file and two more', () => {
  const sheet = sheetOf(
    bytes(
      csv([
        ['Cognome', 'Nome'],
        ['Rossi', 'Ada'],
        ['Neri', 'Leo'],
      ]),
    ),
  )
  const found = [
    { lines: [2], verdict: 'new' as const, why: [] },
    { lines: [3], verdict: 'refused' as const, why: ['Manca la classe.'] },
  ]
  expect(rowsToCorrect(sheet, { header: 1 }, found)).toEqual([
    ['Cognome', 'Nome', 'Esito', 'Motivo'],
    ['Neri', 'Leo', 'Non si può importare', 'Manca la classe.'],
  ])
})
