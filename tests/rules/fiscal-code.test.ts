import { describe, expect, test } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import {
  birthAgrees,
  birthFromFiscalCode,
  codeMismatches,
  differByOmocodia,
  type FiscalCode,
  fiscalCodeFromClaim,
  isAdult,
  makeFiscalCode,
  parseFiscalCode,
} from '#lib/identity/fiscal-code.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import fc from '#tests/support/random.ts'

const TODAY = '2026-11-23'

const anyDay = fc
  .date({ min: new Date('1926-11-24T00:00:00Z'), max: new Date('2026-11-23T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const anyName = fc.stringMatching(/^[A-Za-zÀ-ÿ' ]{1,40}$/)
const anyParts = fc.record({
  familyName: anyName,
  givenName: anyName,
  birthDay: anyDay,
  sex: fc.constantFrom('F' as const, 'M' as const),
  omocodia: fc.integer({ min: 0, max: 7 }),
})

describe('a fiscal code', () => {
  test('follows the rules as known codes do (Mario Rossi of San Giuliano Terme, Matteo Moretti of Milan)', () => {
    const parts = {
      familyName: 'Rossi',
      givenName: 'Mario',
      birthDay: '1985-12-10',
      sex: 'M',
      place: 'A562',
    } as const
    expect(makeFiscalCode(parts)).toBe('RSSMRA85T10A562S')
    expect(makeFiscalCode({ ...parts, omocodia: 1 }).slice(0, 15)).toBe('RSSMRA85T10A56N')
    expect(parseFiscalCode('MRTMTT25D09F205Z')).not.toBeNull()
  })

  test('made from any data is valid and tells the same birth and sex back, omocodia included', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        const code = parseFiscalCode(makeFiscalCode(parts))
        expect(code?.kind).toBe('personal')
        expect(birthFromFiscalCode(code as NonNullable<typeof code>, TODAY)).toEqual({
          birthDay: parts.birthDay,
          sex: parts.sex,
        })
      }),
    )
  })

  test('with any one character changed for another of its kind in an even place is refused', () => {
    fc.assert(
      fc.property(anyParts, fc.constantFrom(1, 3, 5), fc.integer({ min: 1, max: 25 }), (parts, at, shift) => {
        const code = makeFiscalCode(parts)
        const other = String.fromCharCode(65 + ((code.charCodeAt(at) - 65 + shift) % 26))
        expect(parseFiscalCode(code.slice(0, at) + other + code.slice(at + 1))).toBeNull()
      }),
    )
  })

  test('reads lower case and spaces', () => {
    expect(parseFiscalCode(' rss mra 85t10 a562s ')?.code).toBe('RSSMRA85T10A562S')
  })

  test.each([
    ['empty', ''],
    ['too short', 'RSSMRA85T10A562'],
    ['wrong check letter', 'RSSMRA85T10A562Z'],
    [
      'impossible day',
      makeFiscalCode({ familyName: 'Rossi', givenName: 'Mario', birthDay: '1985-02-30', sex: 'M' }),
    ],
    ['a name', 'MARIO ROSSI'],
    ['HTML', '<b>RSSMRA85T10A562S</b>'],
  ])('%s is refused', (_, text) => {
    expect(parseFiscalCode(text)).toBeNull()
  })

  test('of eleven digits is a temporary one, and holds only with its check digit', () => {
    expect(parseFiscalCode('00743110157')).toEqual({ code: '00743110157', kind: 'temporary' })
    expect(parseFiscalCode('00743110158')).toBeNull()
    expect(parseFiscalCode('00000000000')).toBeNull()
    expect(birthFromFiscalCode({ code: '00743110157', kind: 'temporary' }, TODAY)).toBeNull()
  })

  test('of a centenarian agrees with the declared birth day even where the century is ambiguous', () => {
    const code = parseFiscalCode(
      makeFiscalCode({ familyName: 'Rossi', givenName: 'Ada', birthDay: '1920-05-01', sex: 'F' }),
    ) as NonNullable<ReturnType<typeof parseFiscalCode>>
    expect(birthFromFiscalCode(code, TODAY)?.birthDay).toBe('2020-05-01')
    expect(birthAgrees(code, '1920-05-01')).toBe(true)
    expect(birthAgrees(code, '1920-05-02')).toBe(false)
  })
})

describe('the fiscal number that SPID and CIE send', () => {
  test('carries the TINIT- prefix, which a profile may make optional', () => {
    expect(fiscalCodeFromClaim('TINIT-RSSMRA85T10A562S', 'required')?.code).toBe('RSSMRA85T10A562S')
    expect(fiscalCodeFromClaim('tinit-rssmra85t10a562s', 'required')?.code).toBe('RSSMRA85T10A562S')
    expect(fiscalCodeFromClaim('RSSMRA85T10A562S', 'required')).toBeNull()
    expect(fiscalCodeFromClaim('RSSMRA85T10A562S', 'optional')?.code).toBe('RSSMRA85T10A562S')
  })

  test.each(['required', 'optional'] as const)(
    'is refused when another country gave it (prefix %s)',
    (prefix) => {
      expect(fiscalCodeFromClaim('TINDE-RSSMRA85T10A562S', prefix)).toBeNull()
    },
  )

  test('is refused when it is no text or a very long one', () => {
    fc.assert(
      fc.property(fc.anything(), (claim) => {
        expect(fiscalCodeFromClaim(claim, 'optional')).toBeNull()
      }),
    )
    expect(fiscalCodeFromClaim(`TINIT-${' '.repeat(1_000_000)}`, 'required')).toBeNull()
  })
})

describe('a code and the person whom it is said to be of', () => {
  const read = (text: string) => parseFiscalCode(text) as FiscalCode

  test('agree whenever the code was made from these data, omocodia included', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        expect(codeMismatches(read(makeFiscalCode(parts)), parts)).toEqual([])
      }),
    )
  })

  test.each([
    [
      'the code of another person under this name',
      { givenName: 'Chiara', familyName: 'Bassani' },
      ['familyName', 'givenName'],
    ],
    ['another given name', { givenName: 'Marco', familyName: 'Rossi' }, ['givenName']],
    [
      'name and surname in each other’s place',
      { givenName: 'Rossi', familyName: 'Mario' },
      ['familyName', 'givenName'],
    ],
    ['another birth day', { givenName: 'Mario', familyName: 'Rossi', birthDay: '1985-12-11' }, ['birthDay']],
    ['no birth day', { givenName: 'Mario', familyName: 'Rossi', birthDay: null }, []],
    ['capitals and accents', { givenName: 'MÀRIO', familyName: ' rossi ', birthDay: '1985-12-10' }, []],
    ['a name after the one in the code', { givenName: 'Mario Luca', familyName: 'Rossi Bianchi' }, []],
  ])('%s', (_, person, mismatches) => {
    expect(codeMismatches(read('RSSMRA85T10A562S'), person)).toEqual(mismatches)
  })

  test('agree when the code has the letters of two given names together, and not when only the first is typed', () => {
    const code = read(
      makeFiscalCode({ familyName: 'D’Angelo', givenName: 'Anna Lucia', birthDay: '1990-01-01', sex: 'F' }),
    )
    expect(codeMismatches(code, { familyName: 'Dangelo', givenName: 'Anna Lucia' })).toEqual([])
    expect(codeMismatches(code, { familyName: 'D’Angelo', givenName: 'Anna' })).toEqual(['givenName'])
  })

  test('agree for letters that have no accent to take away', () => {
    const code = read(
      makeFiscalCode({ familyName: 'Djordjević', givenName: 'Lukasz', birthDay: '1990-01-01', sex: 'M' }),
    )
    expect(codeMismatches(code, { familyName: 'Djordjevic', givenName: 'Łukasz' })).toEqual([])
  })

  test('cannot disagree where the code is a temporary one', () => {
    const person = { familyName: 'Rossi', givenName: 'Mario', birthDay: '1985-12-10' }
    expect(codeMismatches(read('00743110157'), person)).toEqual([])
  })

  test('omocodia is told from any other difference', () => {
    fc.assert(
      fc.property(anyParts, fc.integer({ min: 1, max: 7 }), (parts, omocodia) => {
        const plain = makeFiscalCode({ ...parts, omocodia: 0 })
        expect(differByOmocodia(plain, makeFiscalCode({ ...parts, omocodia }))).toBe(true)
        expect(differByOmocodia(plain, plain)).toBe(false)
        expect(differByOmocodia(plain, makeFiscalCode({ ...parts, place: 'A562', omocodia }))).toBe(false)
      }),
    )
    expect(differByOmocodia('00743110157', 'RSSMRA85T10A562S')).toBe(false)
  })
})

describe('a person’s majority', () => {
  test.each([
    ['the day before the birthday', '2008-11-24', false],
    ['the birthday', '2008-11-23', true],
    ['the day after', '2008-11-22', true],
  ])('%s', (_, birthDay, adult) => {
    expect(isAdult(birthDay, TODAY)).toBe(adult)
  })

  test('begins on 1 March of a common year after a birth on 29 February', () => {
    expect(isAdult('2004-02-29', '2022-02-28')).toBe(false)
    expect(isAdult('2004-02-29', '2022-03-01')).toBe(true)
  })
})

test('the people of the demonstration are adults with different valid codes', () => {
  const codes = Object.values(demoPeople).map((person) => parseFiscalCode(person.fiscalCode)?.code)
  expect(codes).not.toContain(undefined)
  expect(new Set(codes).size).toBe(codes.length)
  expect(Object.values(demoPeople).every((person) => isAdult(person.birthDay, TODAY))).toBe(true)
})

test('the hash of a code is 32 bytes that depend on the key and on every character', () => {
  const key = Buffer.alloc(32, 'k').toString('base64')
  const hash = hashFiscalCode('RSSMRA85T10A562S', key)
  expect(hash).toHaveLength(32)
  expect(hash).toEqual(hashFiscalCode('RSSMRA85T10A562S', key))
  expect(hash).not.toEqual(hashFiscalCode('RSSMRA85T10A562T', key))
  expect(hash).not.toEqual(hashFiscalCode('RSSMRA85T10A562S', Buffer.alloc(32, 'j').toString('base64')))
})
