import { parse } from 'node:querystring'
import { describe, expect, test } from 'vitest'
import {
  KIND_CHOICES,
  readStatementFilters,
  type StatementFilters,
  statementFilterQuery,
} from '#lib/ledger/statement.address.ts'
import { statementCsv } from '#lib/ledger/statement.csv.ts'
import type { Movement } from '#lib/ledger/statement.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { italian } from '#lib/words/language.ts'
import { anyText } from '#tests/support/any-text.ts'
import fc from '#tests/support/random.ts'

const ID = '019ab1f0-1111-7abc-8def-0123456789ab'
const everything: StatementFilters = {
  accountId: null,
  pupilId: null,
  kind: null,
  from: null,
  to: null,
  page: 1,
}

describe('The filters of the statement, read from the address', () => {
  test('an empty address shows everything from the first page', () => {
    expect(readStatementFilters({})).toEqual({ found: true, filters: everything, problems: {} })
  })

  test('all of them are read together', () => {
    const asked = { conto: ID, figlio: ID, tipo: 'pasti', dal: '2026-11-01', al: '30/11/2026', pagina: '3' }
    expect(readStatementFilters(asked)).toEqual({
      found: true,
      filters: { accountId: ID, pupilId: ID, kind: 'pasti', from: '2026-11-01', to: '2026-11-30', page: 3 },
      problems: {},
    })
  })

  test('a date that does not exist is said and not applied', () => {
    const read = readStatementFilters({ dal: '2026-02-31', al: '31/02/2026' })
    expect(read).toMatchObject({ filters: { from: null, to: null } })
    expect(read.found && Object.keys(read.problems)).toEqual(['dal', 'al'])
  })

  test('a period that ends before it begins is said, one of a single day is fine', () => {
    expect(readStatementFilters({ dal: '2026-11-24', al: '2026-11-23' })).toMatchObject({
      filters: { from: '2026-11-24', to: null },
      problems: { al: expect.stringContaining('finisce prima') },
    })
    expect(readStatementFilters({ dal: '2026-11-24', al: '2026-11-24' })).toMatchObject({ problems: {} })
  })

  test.each(['constructor', '__proto__', 'toString', 'PASTI', '<script>'])(
    'the kind “%s” is not one',
    (tipo) => {
      expect(readStatementFilters({ tipo })).toMatchObject({
        filters: { kind: null },
        problems: { tipo: expect.any(String) },
      })
    },
  )

  test.each(['1', 'Greta', "' or 1=1 --", `${ID}x`, '💥'])(
    'a child or account called “%s” is of no household',
    (id) => {
      expect(readStatementFilters({ figlio: id })).toEqual({ found: false })
      expect(readStatementFilters({ conto: id })).toEqual({ found: false })
    },
  )

  test.each([
    ['0', 1],
    ['-3', 1],
    ['2.5', 1],
    ['tutte', 1],
    ['99999999999', 1],
    ['12', 12],
  ])('page “%s” is page %i', (pagina, page) => {
    expect(readStatementFilters({ pagina })).toMatchObject({ filters: { page } })
  })

  test('whatever is typed, reading never fails and filters survive a round trip through the address', () => {
    const typed = fc.dictionary(
      fc.constantFrom('conto', 'figlio', 'tipo', 'dal', 'al', 'pagina'),
      fc.oneof(
        anyText(30),
        fc.constantFrom(ID, ...Object.keys(KIND_CHOICES), '2026-11-01', '31/12/2026', '7'),
        fc.array(fc.string({ maxLength: 10 }), { maxLength: 3 }),
      ),
    )
    fc.assert(
      fc.property(typed, (params) => {
        const read = readStatementFilters(params)
        if (!read.found) return
        const address = statementFilterQuery(read.filters)
        expect(readStatementFilters(parse(address.slice(1)))).toEqual({
          found: true,
          filters: read.filters,
          problems: {},
        })
      }),
    )
  })
})

describe('The statement as a file for a spreadsheet', () => {
  const meal: Movement = {
    id: ID,
    postedAt: new Date('2026-11-24T08:30:03Z'),
    day: '2026-11-24',
    kind: 'meals',
    amountCents: -540,
    balanceCents: 88_470,
    pupilName: 'Greta Albertini',
  }

  const topUp: Movement = { ...meal, kind: 'top_up', amountCents: 10_800, pupilName: null }

  test('opens in English Excel too: commas, decimal points, English words', () => {
    expect(statementCsv([meal, topUp], wordsIn('en'))).toBe(
      '\ufeffDay,Type,Pupil,Amount (euro),Balance (euro),Recorded on,Recorded at\r\n' +
        '24/11/2026,Meal,Greta Albertini,-5.40,884.70,24/11/2026,09:30:03\r\n' +
        '24/11/2026,Top-up,,108.00,884.70,24/11/2026,09:30:03\r\n',
    )
  })

  test('opens in Italian Excel: mark, semicolons, decimal commas, one line per movement', () => {
    expect(statementCsv([meal, topUp], italian)).toBe(
      '\ufeffGiorno;Tipo;Alunno;Importo (euro);Saldo (euro);Registrato il;Registrato alle\r\n' +
        '24/11/2026;Pasto;Greta Albertini;-5,40;884,70;24/11/2026;09:30:03\r\n' +
        '24/11/2026;Ricarica;;108,00;884,70;24/11/2026;09:30:03\r\n',
    )
  })

  test.each(['=1+1', '+39045', '-2+3', '@SUM(A1)', '\tcmd', '\r=1'])(
    'a name like “%s” never runs as a formula',
    (name) => {
      expect(statementCsv([{ ...meal, pupilName: name }], italian)).toMatch(/;"?'/)
    },
  )

  test('separators and quotes in a name stay inside their cell', () => {
    expect(statementCsv([{ ...meal, pupilName: 'Anna; "Nina" Rossi' }], italian)).toContain(
      ';"Anna; ""Nina"" Rossi";',
    )
  })
})
