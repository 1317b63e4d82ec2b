import { describe, expect, test } from 'vitest'
import { readClosureRequest } from '#lib/school/office/closure.address.ts'
import { closureKindInWords } from '#lib/school/office/closure.words.ts'

const schools = [{ id: '0199c0de-0000-7000-8000-000000000001' }]
const good = { giorno: '2026-11-26', scuola: 'tutte', tipo: 'strike', motivo: ' Sciopero ' }

describe('asking for a day without meals', () => {
  test('before anything is typed there is no error', () => {
    expect(readClosureRequest({}, schools)).toEqual({ state: 'empty' })
  })

  test('all schools are asked for, with the reason trimmed', () => {
    expect(readClosureRequest(good, schools)).toEqual({
      state: 'asked',
      request: { day: '2026-11-26', schoolId: null, kind: 'strike', reason: 'Sciopero' },
    })
  })

  test('one school of the municipality may be asked for', () => {
    const id = schools[0]?.id ?? ''
    expect(readClosureRequest({ ...good, scuola: id }, schools)).toMatchObject({ request: { schoolId: id } })
  })

  test.each([
    ['giorno', '2026-02-31'],
    ['giorno', ''],
    ['scuola', '0199c0de-0000-7000-8000-00000000beef'],
    ['tipo', 'holiday'],
    ['tipo', 'toString'],
    ['motivo', '   '],
    ['motivo', 'x'.repeat(201)],
    ['motivo', ['a', 'b']],
  ])('%s = %j is refused with a sentence on its field', (field, value) => {
    const read = readClosureRequest({ ...good, [field]: value }, schools)
    expect(read).toMatchObject({ state: 'wrong' })
    expect(Object.keys(read.state === 'wrong' ? read.problems : {})).toEqual([field])
  })

  test('the calendar’s kinds have words', () => {
    expect(closureKindInWords('strike')).toBe('Sciopero')
    expect(closureKindInWords('holiday')).toBe('Festività')
  })
})
