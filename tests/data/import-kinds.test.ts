import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { ImportVerdict } from '#lib/imports/finding.ts'
import type { Mapping } from '#lib/imports/mapping.ts'
import { fileOfRows, rowsToCorrect } from '#lib/imports/model-file.ts'
import { runDueImports } from '#lib/imports/office/due-import.commands.ts'
import { confirmImport, stopImport, uploadImport } from '#lib/imports/office/import.commands.ts'
import type { MappingForm } from '#lib/imports/office/import.input.ts'
import { type ImportRow, importToDownload } from '#lib/imports/office/import.queries.ts'
import { readTable } from '#lib/imports/table-file.ts'
import { testDatabase } from '#tests/support/database.ts'
import type { TestMunicipality } from '#tests/support/factories.ts'
import { childCode, csv, HEADERS, htmlTable, row, windows1252, xlsx } from '#tests/support/import-files.ts'
import {
  anImportingMunicipality,
  applied,
  compared,
  findings,
  importNow,
  sent,
} from '#tests/support/pupil-imports.ts'

/**
 * The kinds of fault that the files of real offices have, each with a file that has it: other programs came to grief on every one of
 * them. What is read anyway is read right; the rest is refused or asked in words, and nothing is half done.
 */
let municipality: TestMunicipality
let clerk: Viewer
let school: string

beforeEach(async () => {
  ;({ municipality, clerk, school } = await anImportingMunicipality())
})

const NICCOLO: [string, string] = ['Vianello', 'Niccolò']
const list = (...rows: string[][]) => csv([[...HEADERS], ...rows])
const withCell = (at: number, value: string) => list(row(school).with(at, value))

async function rowsIn(
  what: 'pupil' | 'household' | 'person' | 'enrolment',
): Promise<Record<string, unknown>[]> {
  const { owner } = await testDatabase()
  const { rows } = await sql<Record<string, unknown>>`select to_jsonb(t) as row from ${sql.table(what)} t
    where t.municipality_id = ${municipality.municipalityId} order by t.id`.execute(owner)
  return rows.map((one) => one.row as Record<string, unknown>)
}
const givenNames = async () => (await rowsIn('pupil')).map(({ given_name }) => given_name)
const wordsOf = async (id: string, verdict: ImportVerdict) =>
  (await findings(clerk, id, verdict)).flatMap(({ why, words }) => [...why, ...words]).join(' ')

/** Imports and expects so many new pupils and nothing that waits. */
async function takes(
  content: Uint8Array | string,
  pupils = 1,
  given: Partial<MappingForm> = {},
): Promise<ImportRow> {
  const done = await applied(clerk, municipality, content, given)
  expect(done).toMatchObject({ state: 'applied', counts: { new: pupils, refused: 0, doubtful: 0 } })
  return done
}
/** Compares and expects these words at a row, and that nothing can be applied of it. */
async function says(
  content: Uint8Array | string,
  verdict: 'doubtful' | 'refused',
  words: string,
  given: Partial<MappingForm> = {},
): Promise<void> {
  const found = await compared(clerk, municipality, await sent(clerk, content), given)
  expect(await wordsOf(found.id, verdict)).toContain(words)
  expect(await confirmImport(clerk, found.id, found.seen ?? '')).toMatchObject({
    code: 'imports:nothing-to-do',
  })
}

/** A code with a letter for its last digit, as two people of one code get it. */
function omocodia(code: string): string {
  const letters = 'LMNPQRSTUV'
  const changed = code.slice(0, 14) + letters.charAt(Number(code.charAt(14)))
  const found = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find((check) => parseFiscalCode(changed + check))
  return changed + found
}

type Kind = [number: number, kind: string, proof: () => Promise<unknown>]

const KINDS: readonly Kind[] = [
  [
    1,
    'letters of Windows that are read as UTF-8',
    async () => {
      await takes(windows1252(list(row(school, { child: NICCOLO }))))
      expect(await givenNames()).toEqual(['Niccolò'])
    },
  ],
  [
    2,
    'UTF-8 that is read as letters of Windows: what we hand out comes back unchanged',
    async () => {
      const wrong = list(row(school, { child: NICCOLO }).with(2, 'VNLNCL18D49L781X'))
      const { id } = await compared(clerk, municipality, await sent(clerk, wrong))
      const file = await importToDownload(clerk, id)
      const read = file && readTable(file.content)
      if (!file || !read?.ok) throw new Error('no file')
      const sheet = read.value.sheets[0] as (typeof read.value.sheets)[0]
      const rows = rowsToCorrect(sheet, file.row.mapping as Mapping, file.findings)
      const mended = String(fileOfRows('csv', rows)).replace('VNLNCL18D49L781X', childCode(...NICCOLO))
      await takes(mended)
      expect(await givenNames()).toEqual(['Niccolò'])
    },
  ],
  [
    3,
    'a short file in which statistics find nothing',
    async () => {
      const headers = ['Cognome', 'Nome', 'CF', 'Scuola', 'Classe']
      const one = csv([headers, [...NICCOLO, childCode(...NICCOLO), school, '3A']])
      const found = await compared(clerk, municipality, await sent(clerk, one), { payer: 'none' })
      expect(await findings(clerk, found.id, 'new')).toMatchObject([{ name: 'Niccolò Vianello' }])
    },
  ],
  [4, 'a mark before the name of the first column', () => takes(`\uFEFF${list(row(school))}`)],
  [
    5,
    'a separator that is not seen, so that the names of the columns become a pupil',
    async () => {
      await takes(csv([[...HEADERS], row(school)], '|').replaceAll('|', '\t'))
      await takes(csv([[...HEADERS], row(school, { child: ['Neri', 'Zoe'] })], ','))
      expect(await givenNames()).toEqual(['Bianca', 'Zoe'])
    },
  ],
  [
    6,
    'names of columns that must be exactly ours',
    () =>
      takes(
        csv([
          HEADERS.map((name) => ` ${name.toUpperCase().replaceAll(' ', '_')} *`).toReversed(),
          row(school).toReversed(),
        ]),
      ),
  ],
  [
    7,
    'a fault without a place',
    async () => {
      const found = await compared(
        clerk,
        municipality,
        await sent(clerk, list(row(school), row(school, { child: ['Neri', 'Zoe'] }).with(2, 'NROZOE'))),
      )
      expect(await findings(clerk, found.id, 'refused')).toMatchObject([
        { lines: [3], name: 'Zoe Neri', why: [expect.stringContaining('«NROZOE» non è valido')] },
      ])
    },
  ],
  [
    8,
    'day and month that are swapped, and a day without its zero',
    async () => {
      await says(withCell(3, '04/09/2018'), 'refused', 'un’altra data di nascita')
      await takes(withCell(3, '9/4/2018'))
    },
  ],
  [
    9,
    'a year of two digits that becomes another century',
    async () => {
      await takes(withCell(3, '09/04/18'))
      expect((await rowsIn('pupil'))[0]?.birth_date).toBe('2018-04-09')
    },
  ],
  [
    10,
    'a date as Excel counts days',
    async () => {
      await takes(withCell(3, '43199'))
      expect((await rowsIn('pupil'))[0]?.birth_date).toBe('2018-04-09')
    },
  ],
  [
    11,
    'zeros that stand first',
    async () => {
      await takes(xlsx([[...HEADERS], row(school).with(9, '0450000001')]))
      expect((await rowsIn('person')).map(({ phone }) => phone)).toContain('+390450000001')
    },
  ],
  [
    12,
    'a telephone as an exponent',
    async () => {
      const done = await takes(withCell(9, '3,33E+09'))
      expect(await wordsOf(done.id, 'new')).toContain('«3,33E+09» non si legge: resta fuori')
    },
  ],
  [
    13,
    'a point that may be a comma, in an amount',
    async () => {
      await takes(list(row(school)))
      const money = { payer: 'none', balanceOwner: 'pupil', balanceDay: '2026-08-31' } as const
      const file = csv([
        ['CF alunno', 'Saldo'],
        [childCode('Vianello', 'Bianca'), '2.150'],
      ])
      await says(file, 'doubtful', 'vuol dire', money)
    },
  ],
  [
    14,
    'twins',
    async () => {
      await takes(list(row(school), row(school, { child: ['Vianello', 'Luna'] })), 2)
      expect(await rowsIn('household')).toHaveLength(1)
    },
  ],
  [
    15,
    'the same code for another person',
    async () => {
      await takes(list(row(school)))
      await says(withCell(1, 'Bruna'), 'doubtful', 'questo codice è di Bianca Vianello')
    },
  ],
  [
    16,
    'one surname of two families',
    async () => {
      await takes(
        list(row(school), row(school, { child: ['Vianello', 'Zoe'], father: ['Vianello', 'Ugo'] })),
        2,
      )
      expect(await rowsIn('household')).toHaveLength(2)
    },
  ],
  [
    17,
    'a mail that two families share',
    async () => {
      const shared = (cells: string[]) => [...cells, 'scuola@example.it']
      const other = row(school, { child: ['Neri', 'Zoe'], father: ['Neri', 'Ugo'] })
      await takes(csv([[...HEADERS, 'E-mail padre'], shared(row(school)), shared(other)]), 2)
      expect(await rowsIn('household')).toHaveLength(2)
    },
  ],
  [
    18,
    'one pupil twice, and not the same',
    () => says(list(row(school), row(school, { className: '4B' })), 'refused', 'Le righe 2 e 3'),
  ],
  [
    19,
    'an import that stops in the middle',
    async () => {
      const found = await compared(clerk, municipality, await sent(clerk, list(row(school))))
      await confirmImport(clerk, found.id, found.seen ?? '')
      await stopImport(clerk, found.id)
      await runDueImports()
      expect(await importNow(clerk, found.id)).toMatchObject({
        state: 'checked',
        stopped: expect.stringContaining('non si è salvato niente'),
      })
      expect(await rowsIn('household')).toEqual([])
    },
  ],
  [20, 'a page that is called .xls', () => takes(htmlTable([[...HEADERS], row(school)]))],
  [
    21,
    'a name and a type that are not the file’s',
    async () => {
      const { owner } = await testDatabase()
      const file = new File([list(row(school))], 'elenco.pdf', { type: 'application/vnd.ms-excel' })
      expect((await uploadImport(clerk, file)).ok).toBe(true)
      const { form } = await owner
        .selectFrom('pupil_import')
        .select('form')
        .where('municipality_id', '=', municipality.municipalityId)
        .executeTakeFirstOrThrow()
      expect(form).toBe('csv')
    },
  ],
  [
    22,
    'titles above, names that are repeated, a total below',
    async () => {
      const file = `Elenco 2026/2027\r\n\r\n${list(row(school))}\r\n${[...HEADERS].join(';')}\r\nTotale alunni;1`
      expect((await takes(file)).counts).toMatchObject({ rows: 3, ignored: 2 })
    },
  ],
  [
    23,
    'classes that are written otherwise, or are not there',
    async () => {
      await takes(withCell(5, 'Classe III sez. A'))
      const file = list(
        row(school, { child: ['Neri', 'Zoe'], className: 'Girasoli' }),
        row(school, { child: ['Bassi', 'Ada'], className: 'girasoli' }),
      )
      const found = await compared(clerk, municipality, await sent(clerk, file))
      expect(found.unknownClasses).toMatchObject([{ pupils: 2 }])
    },
  ],
  [
    24,
    'parents who are missing, or invented',
    async () => {
      await says(list(row(school, { father: null, mother: null })), 'doubtful', 'nessun adulto')
      await says(withCell(8, 'A1B2C3D4E5F60718'), 'doubtful', 'non ha il codice fiscale nel file')
    },
  ],
  [
    25,
    'rows that are left out without a word',
    async () => {
      const file = list(row(school), row(school, { child: ['Neri', 'Zoe'] }).with(2, 'X'), [
        'Totale',
        '2',
        ...Array.from({ length: HEADERS.length - 2 }, () => ''),
      ])
      const { counts } = await compared(clerk, municipality, await sent(clerk, file))
      const {
        rows = 0,
        ignored = 0,
        new: made = 0,
        changed = 0,
        doubtful = 0,
        refused = 0,
        same = 0,
      } = counts
      expect(made + changed + doubtful + refused + same + ignored).toBe(rows)
      expect(rows).toBe(3)
    },
  ],
  [
    26,
    'a second file that wipes what it does not have',
    async () => {
      await takes(list(row(school)))
      const before = await rowsIn('person')
      const again = await compared(
        clerk,
        municipality,
        await sent(clerk, list(row(school).with(3, '').with(9, '').with(10, ''))),
      )
      expect(again.counts).toMatchObject({ same: 1, changed: 0 })
      expect(await rowsIn('person')).toEqual(before)
    },
  ],
  [
    27,
    'who is not in the list and has not moved away',
    async () => {
      await takes(list(row(school), row(school, { child: ['Neri', 'Zoe'], father: ['Neri', 'Ugo'] })), 2)
      const before = await rowsIn('enrolment')
      const found = await compared(clerk, municipality, await sent(clerk, list(row(school))))
      expect(await findings(clerk, found.id, 'gone')).toMatchObject([{ name: 'Zoe Neri' }])
      expect(await rowsIn('enrolment')).toEqual(before)
    },
  ],
  [
    28,
    'a code with letters for digits, and one of who was born abroad',
    async () => {
      await takes(withCell(2, omocodia(childCode('Vianello', 'Bianca'))))
      const file = row(school, {
        child: ['Hoxha', 'Ardit'],
        birthDay: '2019-01-22',
        father: ['Hoxha', 'Ilir'],
      })
      await takes(list(file.with(2, 'HXHRDT19A22Z100N')))
    },
  ],
]

describe('a file of a real office', () => {
  test('stands here with each of the twenty-eight kinds', () => {
    expect(KINDS.map(([number]) => number)).toEqual(Array.from({ length: 28 }, (_, at) => at + 1))
  })

  test.each(KINDS)('%i: with %s', async (_number, _kind, proof) => {
    await proof()
  })
})
