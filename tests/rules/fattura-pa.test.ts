import { describe, expect, test } from 'vitest'
import { fatturaPaXml } from '#lib/invoices/fattura-pa.ts'
import { checkStructure } from '#lib/invoices/fattura-pa-structure.ts'
import { toLatin1 } from '#lib/invoices/latin1.ts'
import { anyText } from '#tests/support/any-text.ts'
import { officialSchema } from '#tests/support/fattura-pa-schema.ts'
import { anInvoice, anyInvoice } from '#tests/support/invoices.ts'
import fc from '#tests/support/random.ts'

describe('Names written for the exchange system', () => {
  test.each([
    ['D’Angelo — Verdi', "D'Angelo - Verdi"],
    ['Niccolò Però', 'Niccolò Però'],
    ['Ștefan Țurcanu', 'Stefan Turcanu'],
    ['Łukasz Đorđević', 'Lukasz Dordevic'],
    ['Олександра Шевченко', 'Oleksandra Shevchenko'],
    ['Anna 🍝 Bianchi', 'Anna Bianchi'],
    ['Laura\u00a0Conti\t\n', 'Laura Conti'],
    ['€ 5,40…', 'EUR 5,40...'],
    ['陈', ''],
  ])('“%s” becomes “%s”', (written, expected) => {
    expect(toLatin1(written, 80)).toBe(expected)
  })

  test('are always Latin-1 on one line, and never longer than allowed', () => {
    fc.assert(
      fc.property(anyText(120), fc.integer({ min: 1, max: 80 }), (text, max) => {
        const latin = toLatin1(text, max)
        expect(latin).toMatch(/^[\x20-\x7e\xa1-\xff]*$/)
        expect(latin.length).toBeLessThanOrEqual(max)
      }),
    )
  })
})

describe('The electronic invoice', () => {
  test('names the holder, the meals and the traceable payment', () => {
    const xml = fatturaPaXml(anInvoice())
    for (const part of [
      '<CodiceDestinatario>0000000</CodiceDestinatario>',
      '<CodiceFiscale>CNTLRA85C41F861B</CodiceFiscale>',
      '<Numero>2026/MZC/000123</Numero>',
      '<Data>2026-11-24</Data>',
      '<Descrizione>Refezione Scolastica: 20 pasti x 5,40 EUR IVA inclusa, ricarica del 24/11/2026</Descrizione>',
      '<Quantita>20.00</Quantita>',
      '<PrezzoUnitario>5.19250000</PrezzoUnitario>',
      '<ImponibileImporto>103.85</ImponibileImporto>',
      '<Imposta>4.15</Imposta>',
      '<ImportoTotaleDocumento>108.00</ImportoTotaleDocumento>',
      '<ModalitaPagamento>MP08</ModalitaPagamento>',
    ])
      expect(xml).toContain(part)
  })

  test('says MP05 for MyBank, MP23 for pagoPA', () => {
    expect(fatturaPaXml(anInvoice({ method: 'mybank' }))).toContain('<ModalitaPagamento>MP05<')
    expect(fatturaPaXml(anInvoice({ method: 'pagopa' }))).toContain('<ModalitaPagamento>MP23<')
  })

  test('one meal is written in the singular', () => {
    expect(fatturaPaXml(anInvoice({ meals: 1 }))).toContain('Refezione Scolastica: 1 pasto x 5,40 EUR')
  })

  test('without VAT it says why, and carries the stamp duty above its threshold', () => {
    const vat = {
      rateBasisPoints: 0,
      nature: 'N4' as const,
      legalReference: 'Esente art. 10, n. 20, DPR 633/1972',
    }
    const xml = fatturaPaXml(anInvoice({ vat }))
    expect(xml.match(/<Natura>N4<\/Natura>/g)).toHaveLength(2)
    expect(xml).toContain('<RiferimentoNormativo>Esente art. 10, n. 20, DPR 633/1972</RiferimentoNormativo>')
    expect(xml).toContain('<BolloVirtuale>SI</BolloVirtuale>')
    expect(xml).not.toMatch(/EsigibilitaIVA|IVA inclusa/)
    expect(checkStructure(xml)).toEqual([])
    const small = fatturaPaXml(anInvoice({ vat, meals: 14 }))
    expect(small).not.toContain('DatiBollo')
  })

  test('with VAT it carries none, and says that the tax is due immediately and in the price', () => {
    const xml = fatturaPaXml(anInvoice())
    expect(xml).toContain('<EsigibilitaIVA>I</EsigibilitaIVA>')
    expect(xml).toContain('EUR IVA inclusa, ricarica del 24/11/2026')
    expect(xml).toContain('<UnitaMisura>pasti</UnitaMisura>')
    expect(xml).not.toMatch(/DatiBollo|<Natura>/)
    expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>')).toBe(true)
  })

  test('an address in Italy has its postal code and province; one abroad has neither', () => {
    const home = '<CAP>37060</CAP><Comune>Mozzecane</Comune><Provincia>VR</Provincia><Nazione>IT</Nazione>'
    const inOneLine = (xml: string) => xml.replace(/>\s+</g, '><')
    expect(inOneLine(fatturaPaXml(anInvoice()))).toContain(home)
    const { customer } = anInvoice()
    const address = { street: 'Rue 1', postalCode: '69001', city: 'Lyon', province: null, country: 'FR' }
    expect(inOneLine(fatturaPaXml(anInvoice({ customer: { ...customer, address } })))).toContain(
      '<CAP>00000</CAP><Comune>Lyon</Comune><Nazione>FR</Nazione>',
    )
  })

  test('is never written without the address of the holder', () => {
    const { customer } = anInvoice()
    expect(() => fatturaPaXml(anInvoice({ customer: { ...customer, address: null } }))).toThrow(
      /customer_address/,
    )
  })

  test('passes our own checks whatever the names, prices and quantities', () => {
    fc.assert(
      fc.property(anyInvoice, (invoice) => {
        expect(checkStructure(fatturaPaXml(invoice))).toEqual([])
      }),
    )
  })
})

describe('Our own checks', () => {
  const xml = fatturaPaXml(anInvoice())
  test.each([
    ['something that is no XML', 'fattura', 'not well-formed'],
    ['a file cut short', xml.slice(0, -30), 'not well-formed'],
    ['a tag closed by another', xml.replace('</Divisa>', '</Data>'), 'not well-formed'],
    ['another document', '<?xml version="1.0"?>\n<a/>', 'not an electronic invoice'],
    ['a missing element', xml.replace(/<Divisa>EUR<\/Divisa>/, ''), 'Divisa: missing or out of order'],
    [
      'elements in another order',
      xml.replace(/(<Divisa>.*?<\/Divisa>)\s*(<Data>.*?<\/Data>)/, '$2$1'),
      'Divisa: missing or out of order',
    ],
    ['an element nobody knows', xml.replace('<Divisa>', '<Sconto>1</Sconto><Divisa>'), 'not expected here'],
    ['a long dash', xml.replace('<Cognome>Conti', '<Cognome>Conti—Verdi'), 'Cognome: value not allowed'],
    [
      'a number that is too long',
      xml.replace('2026/MZC/000123', '2026/MOZZECANE/0000123'),
      'Numero: value not allowed',
    ],
    ['VAT that is not the rate', xml.replace('<Imposta>4.15', '<Imposta>4.25'), 'VAT is not'],
    [
      'a total that does not add up',
      xml.replace('<ImportoTotaleDocumento>108.00', '<ImportoTotaleDocumento>108.01'),
      'is not the total',
    ],
    [
      'a payment of another amount',
      xml.replace('<ImportoPagamento>108.00', '<ImportoPagamento>107.99'),
      'amount paid',
    ],
    ['a unit price that does not multiply', xml.replace('5.19250000', '5.19350000'), 'price × quantity'],
    [
      'a zero rate without its reason',
      xml.replaceAll('<AliquotaIVA>4.00', '<AliquotaIVA>0.00'),
      'nature goes with a zero rate',
    ],
    ['another format', xml.replace('versione="FPR12"', 'versione="FPA12"'), 'version'],
  ])('refuse %s', (_what, broken, problem) => {
    expect(broken).not.toBe(xml)
    expect(checkStructure(broken).join('\n')).toContain(problem)
  })
})

const violations = officialSchema()
describe('The official schema 1.2.3', () => {
  const name = 'accepts every invoice that we write'
  if (!violations) {
    test.skip(`${name} (not checked: the schema is absent; run: node scripts/run.mjs fatturapa-schema)`, () => {})
    return
  }

  test(name, () => {
    fc.assert(
      fc.property(anyInvoice, (invoice) => {
        expect(violations(fatturaPaXml(invoice))).toEqual([])
      }),
    )
  })

  test('refuses a long dash and a missing address, so it is really being asked', () => {
    const xml = fatturaPaXml(anInvoice())
    expect(violations(xml)).toEqual([])
    expect(violations(xml.replace('Conti', 'Conti—Verdi'))).not.toEqual([])
    expect(violations(xml.replace(/<Sede>[\s\S]*?<\/Sede>/, ''))).not.toEqual([])
  })
})
