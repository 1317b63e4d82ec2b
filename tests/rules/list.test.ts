import { strFromU8, unzipSync } from 'fflate'
import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import { OFFICE_ROLES, PARTIAL_ROLES, type StaffRole, type Viewer } from '#lib/access/viewer.ts'
import { RECIPIENT_LIST, RECIPIENTS_WITHOUT_CONFIRMING } from '#lib/communications/office/recipient.list.ts'
import { QUEUE_LIST, QUEUE_OF_FORM } from '#lib/forms/office/queue.list.ts'
import {
  LIST_PARAMETERS,
  listParameters,
  listQuery,
  readListQuery,
  readListState,
} from '#lib/lists/list.address.ts'
import { listCsv } from '#lib/lists/list.csv.ts'
import {
  columnsAtFirst,
  type ListRow,
  type ListState,
  listFor,
  MOST_SORTS,
  type OfficeList,
  PAGE_SIZES,
  sortedAlsoBy,
  sortedBy,
} from '#lib/lists/list.ts'
import { cellInWords, countInWords, filtersInWords } from '#lib/lists/list.words.ts'
import { listXlsx } from '#lib/lists/list.xlsx.ts'
import { LIST_FORMATS, type ListFormat, listFile } from '#lib/lists/list-file.http.ts'
import { DELIVERY_BATCH_LIST } from '#lib/outbox/office/delivery-batch.list.ts'
import { COLLEAGUE_LIST } from '#lib/people/office/colleague.list.ts'
import { HOUSEHOLD_LIST, HOUSEHOLD_VIEWS } from '#lib/people/office/household.list.ts'
import { readTypedSearch } from '#lib/people/office/household-search.ts'
import { PUPIL_LIST, PUPIL_VIEWS } from '#lib/people/office/pupil.list.ts'
import { anyText } from '#tests/support/any-text.ts'
import fc from '#tests/support/random.ts'

const LISTS: readonly OfficeList[] = [
  PUPIL_LIST,
  HOUSEHOLD_LIST,
  COLLEAGUE_LIST,
  DELIVERY_BATCH_LIST,
  RECIPIENT_LIST,
  RECIPIENTS_WITHOUT_CONFIRMING,
  QUEUE_LIST,
  QUEUE_OF_FORM,
]
const ID = '01a20871-16ab-74d4-b615-b80b0ac86778'
const clerk = (...staffRoles: StaffRole[]): Viewer => ({
  ...{
    municipalityId: ID,
    personId: ID,
    citizenId: ID,
    sessionId: ID,
    name: 'Paola Ferrari',
    memberships: [],
  },
  staffRoles,
})
const list = listFor(PUPIL_LIST, clerk('manager'))
const keysOf = (some: readonly { key: string }[]) => some.map(({ key }) => key)

/** Any state that an address can ask for. */
const anyState: fc.Arbitrary<ListState> = fc.record({
  filters: fc
    .record({
      cerca: fc.constantFrom('', 'rossi', 'd’angelo', 'a&b=c +1'),
      scuola: fc.constantFrom('', ID),
      classe: fc.constantFrom('', '3A', '1 B'),
      dieta: fc.constantFrom('', 'D01'),
      fascia: fc.constantFrom('', 'intero', 'F1'),
      stato: fc.constantFrom('', 'in-corso', 'futuro', 'finito'),
    })
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))),
  sort: fc
    .uniqueArray(fc.constantFrom(...keysOf(list.columns.filter(({ isSorted }) => isSorted))), {
      minLength: 1,
      maxLength: MOST_SORTS,
    })
    .chain((keys) => fc.tuple(...keys.map((key) => fc.boolean().map((isDown) => ({ key, isDown }))))),
  columns: fc.subarray(keysOf(list.columns.slice(1))).map((keys) => [list.columns[0]?.key ?? '', ...keys]),
  page: fc.integer({ min: 1, max: 100_000 }),
  size: fc.constantFrom(...PAGE_SIZES),
})

describe('the address of a list', () => {
  test('says again what it was made of', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const query = listQuery(list, state, { page: state.page })
        expect(readListQuery(list, query)).toEqual(state)
      }),
    )
  })

  test('is empty for what comes by itself, and says that a filter with a first value is empty', () => {
    const first = readListState(list, {})
    expect(listQuery(list, first)).toBe('')
    expect(first.filters).toEqual({ stato: 'in-corso' })
    expect(listQuery(list, { ...first, filters: {} })).toBe('stato=')
    expect(readListQuery(list, 'stato=').filters).toEqual({})
  })

  test('leads to the first page when anything but the page changes', () => {
    const state = readListQuery(list, 'cerca=rossi&pagina=7')
    expect(listQuery(list, state, { sort: [{ key: 'dal', isDown: true }] })).toBe('cerca=rossi&ordina=-dal')
    expect(listQuery(list, state, { page: 8 })).toBe('cerca=rossi&pagina=8')
  })

  test('asks nothing that the list does not know', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...list.filters.map(({ key }) => key), 'ordina', 'colonna', 'righe', 'pagina'),
        anyText(200),
        (name, text) => {
          const state = readListState(list, { [name]: [text, text], scuola: text })
          for (const { key } of state.sort) expect(keysOf(list.columns)).toContain(key)
          for (const key of state.columns) expect(keysOf(list.columns)).toContain(key)
          for (const [key, value] of Object.entries(state.filters)) {
            expect(keysOf(list.filters)).toContain(key)
            expect(value).not.toContain('\u0000')
            expect(value.length).toBeLessThanOrEqual(80)
          }
          expect(listParameters(list, state).every(([key]) => key !== '')).toBe(true)
        },
      ),
    )
    expect(readListState(list, { scuola: 'Rodari', dieta: 'x', stato: 'tutti' }).filters).toEqual({
      stato: 'in-corso',
    })
  })

  test('shows the column that names the row, also where no column was chosen', () => {
    expect(readListState(list, { colonna: 'dal' }).columns).toEqual(['nome', 'dal'])
    expect(readListState(list, { colonna: 'nome' }).columns).toEqual(['nome'])
    expect(readListState(list, { colonna: 'altro' }).columns).toEqual(columnsAtFirst(list))
  })
})

describe('a sort', () => {
  const byName: Pick<ListState, 'sort'> = { sort: [{ key: 'nome', isDown: false }] }

  test('goes the other way round at the second press', () => {
    expect(sortedBy(byName, 'nome')).toEqual([{ key: 'nome', isDown: true }])
    expect(sortedBy(byName, 'dal')).toEqual([{ key: 'dal', isDown: false }])
  })

  test('takes more columns, three at most', () => {
    const two = sortedAlsoBy(byName, 'dal')
    expect(keysOf(two)).toEqual(['nome', 'dal'])
    expect(sortedAlsoBy({ sort: two }, 'dal').at(-1)).toEqual({ key: 'dal', isDown: true })
    const four = ['al', 'classe'].reduce((sort, key) => sortedAlsoBy({ sort }, key), two)
    expect(keysOf(four)).toEqual(['dal', 'al', 'classe'])
  })
})

/** Role → the columns of the pupils that it has no part in. */
const WITHOUT: Partial<Record<StaffRole, string[]>> = {
  operator: [],
  manager: [],
  accountant: ['dieta'],
  school_office: ['dieta', 'fascia', 'famiglia', 'intestatario', 'telefono', 'nascita', 'giorni'],
}

describe('the lists', () => {
  test.each([...OFFICE_ROLES, ...PARTIAL_ROLES])('show to the %s only the columns of its role', (role) => {
    const theirs = new Set(keysOf(listFor(PUPIL_LIST, clerk(role)).columns))
    const expected = WITHOUT[role] ?? [
      'dieta',
      'fascia',
      'famiglia',
      'intestatario',
      'telefono',
      'nascita',
      'giorni',
    ]
    expect(keysOf(PUPIL_LIST.columns).filter((key) => !theirs.has(key))).toEqual(expected)
  })

  test('neither filter nor sort by a column that is not the reader’s', () => {
    const school = listFor(PUPIL_LIST, clerk('school_office'))
    const state = readListQuery(school, 'dieta=D01&fascia=F1&ordina=dieta&colonna=telefono&colonna=classe')
    expect(state.filters).toEqual({ stato: 'in-corso' })
    expect(state.sort).toEqual([{ key: 'nome', isDown: false }])
    expect(state.columns).toEqual(['nome', 'classe'])
  })

  test.each(LISTS)(
    '$key names each column and filter once, and sorts by what it has',
    ({ columns, filters, sort }) => {
      expect(new Set(keysOf(columns)).size).toBe(columns.length)
      expect(new Set(keysOf(filters)).size).toBe(filters.length)
      for (const { key } of sort) expect(columns.find((column) => column.key === key)?.isSorted).toBe(true)
      expect(columns[0]?.needs).toBeUndefined()
      // The names that every list uses are no filter's.
      expect(keysOf(filters).filter((key) => (LIST_PARAMETERS as readonly string[]).includes(key))).toEqual(
        [],
      )
    },
  )

  test('have views that ask what they say', () => {
    for (const { query } of PUPIL_VIEWS) expect(listQuery(list, readListQuery(list, query))).toBe(query)
    const families = listFor(HOUSEHOLD_LIST, clerk('accountant'))
    for (const { query } of HOUSEHOLD_VIEWS)
      expect(listQuery(families, readListQuery(families, query))).toBe(query)
  })
})

describe('a list in words', () => {
  test('says its cells, its filters and how many it has', () => {
    expect(cellInWords({ kind: 'day' }, '2026-11-24')).toBe('24/11/2026')
    expect(cellInWords({ kind: 'euro' }, -540)).toBe('−5,40\u00a0€')
    expect(cellInWords({}, null)).toBe('')
    expect(
      filtersInWords(
        list,
        { filters: { scuola: ID, classe: '3A' } },
        { scuola: [{ value: ID, label: 'Rodari' }] },
      ),
    ).toBe('Scuola: Rodari · Classe: 3A')
    expect(countInWords('Alunni', { total: 1_204, hasMore: false })).toBe('Alunni: 1.204')
    expect(countInWords('Alunni', { total: 10_000, hasMore: true })).toBe('Alunni: più di 10.000')
  })
})

const columns = [
  { key: 'nome', label: 'Alunno' },
  { key: 'dal', label: 'Dal', kind: 'day' as const },
  { key: 'saldo', label: 'Saldo', kind: 'euro' as const },
]
const row = (nome: string, dal: string | null = '2026-09-14', saldo: number | null = -540): ListRow => ({
  id: ID,
  cells: { nome, dal, saldo },
})

async function* inBatches(...batches: ListRow[][]) {
  yield* batches
}

async function whole<T extends string | Uint8Array>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const piece of pieces) all.push(piece)
  return all
}

const book = async (...batches: ListRow[][]): Promise<Record<string, string>> => {
  const parts = unzipSync(
    Buffer.concat(await whole(listXlsx('Alunni: 2026/27', columns, inBatches(...batches)))),
  )
  return Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, strFromU8(bytes)]))
}

describe('the files of a list', () => {
  test('are for a spreadsheet set to Italian, and none of their cells is a formula', async () => {
    const text = (
      await whole(listCsv(columns, inBatches([row('=HYPERLINK("x")')], [], [row('Rossi; Anna', null, null)])))
    ).join('')
    expect(text).toBe(
      '\uFEFFAlunno;Dal;Saldo\r\n"\'=HYPERLINK(""x"")";14/09/2026;-5,40\r\n"Rossi; Anna";;\r\n',
    )
  })

  test('hold in a book of Excel days as days, amounts as numbers and texts as texts', async () => {
    const parts = await book([row('=1+1 & <b>')], [row('Rossi', null, null)])
    const sheet = parts['xl/worksheets/sheet1.xml'] ?? ''
    expect(sheet).toContain('<is><t xml:space="preserve">=1+1 &amp; &lt;b&gt;</t></is>')
    expect(sheet).not.toContain('<f>')
    // 14 September 2026 is the day 46279 of Excel.
    expect(sheet).toContain('<c s="2"><v>46279</v></c><c s="3"><v>-5.4</v></c>')
    expect(sheet).toContain('Rossi</t></is></c><c/><c/></row></sheetData></worksheet>')
    expect(parts['xl/workbook.xml']).toContain('<sheet name="Alunni  2026 27"')
    expect(Object.keys(parts).sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ])
  })

  test('hold any text so that it can be read as XML', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(40), async (text) => {
        const sheet = (await book([row(text)]))['xl/worksheets/sheet1.xml'] ?? ''
        const read = XmlDocument.fromString(sheet)
        expect(read.root.name).toBe('worksheet')
        read.dispose()
      }),
      { numRuns: 50 },
    )
  })

  test('begin before the last line is read', async () => {
    let read = 0
    async function* slowly() {
      for (read = 0; read < 5; read += 1) yield Array.from({ length: 1_000 }, () => row('Rossi Anna'))
    }
    const pieces = listXlsx('Alunni', columns, slowly())[Symbol.asyncIterator]()
    await pieces.next()
    expect(read).toBe(0)
    await pieces.return?.(undefined)
  })
})

describe('a file of a list', () => {
  const list: OfficeList = { ...PUPIL_LIST, columns, filters: [], sort: [{ key: 'nome', isDown: false }] }
  const state = readListState(list, {})

  test.each(Object.keys(LIST_FORMATS) as ListFormat[])(
    'as %s is made no further than it is taken, however long it is',
    async (format) => {
      for (const batches of [5, 40]) {
        let made = 0
        async function* lines() {
          for (; made < batches; made += 1) yield Array.from({ length: 1_000 }, () => row(`Rossi ${made}`))
        }
        const reader = listFile(format, 'alunni', { list, state, batches: lines() }).body?.getReader()
        if (!reader) throw new Error('the file has no body')
        let ahead = 0
        for (let before = 0; ; before = made) {
          const { done } = await reader.read()
          if (done) break
          ahead = Math.max(ahead, made - before)
        }
        expect(made).toBe(batches)
        expect(ahead, `${batches} batches`).toBeLessThanOrEqual(2)
      }
    },
  )
})

describe('what is typed in the search of the families', () => {
  test.each([
    ['Rossi Anna', null, null],
    ['333 111.22', null, '33311122'],
    ['+39 333 1112244', null, '393331112244'],
    ['1234', null, null],
    ['rssmra80a01h501u', 'RSSMRA80A01H501U', null],
    ['RSSMRA80A01H501U Rossi', null, null],
    ['via Roma 12345', null, null],
  ])('%s', (words, fiscalCode, digits) => {
    expect(readTypedSearch(words)).toEqual({ words, fiscalCode, digits })
  })
})
