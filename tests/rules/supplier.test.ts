import { describe, expect, test } from 'vitest'
import { supplierInput } from '#lib/invoices/office/supplier.input.ts'

const GOOD = {
  name: 'Tangram Cooperativa Sociale',
  vatNumber: 'IT 01234567897',
  fiscalCode: '01234567897',
  taxRegime: 'RF01',
  street: 'Via Po 7',
  postalCode: '37060',
  city: 'Mozzecane',
  province: 'vr',
  email: 'mensa@example.it',
  phone: '045 000000',
  revision: '0',
}

describe('F7 the form of the supplier’s data', () => {
  test('takes a VAT number with or without the country, and letters of any case', () => {
    expect(supplierInput.parse(GOOD)).toMatchObject({ vatNumber: '01234567897', province: 'VR' })
  })

  test('takes the fiscal code of a person who trades in the own name', () => {
    expect(supplierInput.parse({ ...GOOD, fiscalCode: 'cntlra85c41f861k' })).toMatchObject({
      fiscalCode: 'CNTLRA85C41F861K',
    })
  })

  test.each([
    ['vatNumber', '01234567890', 'undici cifre, e l’ultima non torna'],
    ['vatNumber', '0123456789', 'undici cifre'],
    ['vatNumber', '00000000000', 'undici cifre'],
    ['vatNumber', 'CNTLRA85C41F861K', 'undici cifre'],
    ['fiscalCode', 'CNTLRA85C41F861A', 'Controlla il codice fiscale'],
    ['taxRegime', 'RF03', 'Scegli il regime fiscale'],
    ['taxRegime', 'constructor', 'Scegli il regime fiscale'],
    ['postalCode', '3706', 'cinque cifre'],
    ['postalCode', '00000', 'cinque cifre'],
    ['province', 'ZZ', 'due lettere'],
    ['street', '', 'Scrivi la via'],
    ['name', 'Ћирић', 'lettere latine'],
    ['email', 'mensa', 'Scrivi un’e-mail'],
    ['phone', '', 'Scrivi il telefono'],
  ])('refuses %s “%s” with words', (field, text, words) => {
    const parsed = supplierInput.safeParse({ ...GOOD, [field]: text })
    const said = parsed.error?.issues.map(({ path, message }) => `${String(path[0])}: ${message}`)
    expect(said?.every((one) => one.startsWith(`${field}: `))).toBe(true)
    expect(said?.[0]).toContain(words)
  })
})
