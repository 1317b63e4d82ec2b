import { describe, expect, test } from 'vitest'
import { statementName } from '#db/client.ts'

describe('The name of a prepared statement', () => {
  test('is the same for the same text, whichever connection asks', () => {
    expect(statementName('select $1::int')).toBe(statementName('select $1::int'))
  })

  test('is another for another text, however alike', () => {
    expect(statementName('select $1::int')).not.toBe(statementName('select $1::int '))
  })

  test('fits into the 63 bytes that PostgreSQL keeps of a name', () => {
    expect(statementName('select 1 '.repeat(1_000)).length).toBeLessThan(64)
  })
})
