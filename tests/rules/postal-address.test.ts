import { describe, expect, test } from 'vitest'
import { isLatinReadable } from '#lib/invoices/latin1.ts'
import { countriesIn } from '#lib/invoices/place-code.ts'
import { postalAddressInput } from '#lib/invoices/postal-address.input.ts'

const home = { street: 'Via Po 1', postalCode: '37060', city: 'Mozzecane', province: 'vr', country: 'IT' }
const lyon = { street: '12 rue de la Paix', postalCode: '69002', city: 'Lyon', province: 'FR', country: 'FR' }

const wrongFieldsOf = (typed: object) =>
  postalAddressInput.safeParse(typed).error?.issues.map(({ path }) => path[0]) ?? []

describe('A postal address as it is typed', () => {
  test('in Italy has a postal code and a province', () => {
    expect(postalAddressInput.parse(home)).toEqual({ ...home, province: 'VR' })
  })

  test('is Italian in a form that has no country', () => {
    const { country: _, ...older } = home
    expect(postalAddressInput.parse(older)).toMatchObject({ country: 'IT', province: 'VR' })
  })

  test('abroad keeps no province, whatever stands in its field', () => {
    expect(postalAddressInput.parse(lyon)).toEqual({ ...lyon, province: null })
  })

  test.each(['2018', '', 'SW1A 1AA'])('abroad may have the postal code “%s”', (postalCode) => {
    expect(postalAddressInput.parse({ ...lyon, postalCode })).toMatchObject({ postalCode })
  })

  test.each([
    ['all of an Italian address', { country: 'IT' }, ['street', 'city', 'postalCode', 'province']],
    ['a postal code of zeros', { ...home, postalCode: '00000' }, ['postalCode']],
    ['a postal code of four digits', { ...home, postalCode: '3706' }, ['postalCode']],
    ['a province that does not exist', { ...home, province: 'ZZ' }, ['province']],
    ['a country that does not exist', { ...lyon, country: 'ZZ' }, ['country']],
    ['a street that the invoice cannot write', { ...home, street: 'Οδός Ερμού 3' }, ['street']],
    ['a city of blanks', { ...lyon, city: '  ' }, ['city', 'city']],
  ])('is refused for %s, at its field', (_what, typed, fields) => {
    expect(wrongFieldsOf(typed)).toEqual(fields)
  })
})

describe('A text for the electronic invoice', () => {
  test.each(['Conti', 'D’Angelo', 'Perić', 'Ștefănescu', 'Шевченко', 'Łukasz', 'Via Roma 5 – int. 2'])(
    '“%s” can be written',
    (text) => expect(isLatinReadable(text)).toBe(true),
  )

  test.each(['Ћирић', 'Ɓello', 'Əliyev', 'Үнэн', 'Ґүлөғ', 'Παπαδόπουλος', '陈', '🏠', ''])(
    '“%s” would lose letters',
    (text) => expect(isLatinReadable(text)).toBe(false),
  )
})

test('the countries are named in the language of the reader', () => {
  expect(countriesIn('it').find(({ code }) => code === 'FR')?.name).toBe('Francia')
  expect(countriesIn('en').find(({ code }) => code === 'FR')?.name).toBe('France')
  expect(countriesIn('ar').every(({ code, name }) => name !== code)).toBe(true)
})
