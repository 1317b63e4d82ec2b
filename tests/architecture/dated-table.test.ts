import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatedTable, rowsIn, writeTable } from '#scripts/lib/dated-table.ts'

const TABLE: DatedTable = {
  title: 'Clocks',
  introduction: 'Written by a test.',
  columns: ['Clock', 'Failed'],
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-table-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the table of a long run', () => {
  test('keeps the rows of an earlier run, so that a run can go on where one was stopped', () => {
    const file = path.join(folder, 'clocks.md')
    writeTable(file, TABLE, [
      ['1 January', '0'],
      ['a Saturday', '2'],
    ])
    const rows = rowsIn(file, TABLE)
    rows.set('a Saturday', ['a Saturday', '0'])
    writeTable(file, TABLE, rows.values())
    expect(readFileSync(file, 'utf8')).toBe(
      '# Clocks\n\nWritten by a test.\n\n| Clock | Failed |\n| --- | --- |\n| 1 January | 0 |\n| a Saturday | 0 |\n',
    )
  })

  test('begins from nothing where there is no file, or one of other columns', () => {
    const file = path.join(folder, 'others.md')
    expect(rowsIn(file, TABLE).size).toBe(0)
    writeTable(file, { ...TABLE, columns: ['Day', 'Failed'] }, [['1 January', '0']])
    expect(rowsIn(file, TABLE).size).toBe(0)
  })
})
