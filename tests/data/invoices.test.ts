import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asSystem, database } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { checkStructure } from '#lib/invoices/fattura-pa-structure.ts'
import {
  completeInvoices,
  giveInvoiceAddress,
  type IssuedInvoice,
  issueInvoice,
} from '#lib/invoices/invoice.commands.ts'
import { invoicesOf, invoiceToDownload } from '#lib/invoices/invoice.queries.ts'
import { changeAddress } from '#lib/people/contact.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPerson,
  type Household,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'
import { aTopUp, markPaid } from '#tests/support/money.ts'

let municipality: TestMunicipality
let household: Household

beforeEach(async () => {
  await setClock('2026-11-24T10:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
})

const settle = (topUpId: string, after?: () => void): Promise<IssuedInvoice> =>
  asSystem(municipality.municipalityId, async (trx) => {
    await markPaid(trx, municipality, topUpId)
    const issued = await issueInvoice(trx, municipality.municipalityId, topUpId)
    after?.()
    return issued
  })

const anInvoice = async (given: Parameters<typeof aTopUp>[2] = {}, of = household): Promise<IssuedInvoice> =>
  settle(await aTopUp(municipality, of, given))

const rowOf = async (invoiceId: string) => {
  const { owner } = await testDatabase()
  return owner.selectFrom('invoice').selectAll().where('id', '=', invoiceId).executeTakeFirstOrThrow()
}

const withoutAddress = async (): Promise<void> => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('person')
    .set({ street: null, postcode: null, city: null, province: null })
    .where('id', '=', household.holder.personId)
    .execute()
}

describe('A settled top-up gets its invoice', () => {
  test('numbered, dated in Rome, in the name of the holder, with XML that holds', async () => {
    await setClock('2026-11-30T23:30:00Z')
    const issued = await anInvoice({ meals: 20, method: 'mybank' })
    const row = await rowOf(issued.invoiceId)
    expect(issued.number).toMatch(/^2026\/[A-Z]{3}\/000001$/)
    expect(row).toMatchObject({
      issued_on: '2026-12-01',
      total_cents: 10_800,
      net_cents: 10_385,
      vat_cents: 415,
      vat_basis_points: 400,
      holder_id: household.holder.personId,
      service_name: 'Refezione Scolastica',
    })
    expect(checkStructure(row.xml as string)).toEqual([])
    expect(row.xml).toContain(`<CodiceFiscale>${household.holder.fiscalCode}</CodiceFiscale>`)
    expect(row.xml).toContain('<ModalitaPagamento>MP05</ModalitaPagamento>')
  })

  test('once, however many times the settlement is asked for', async () => {
    const topUpId = await aTopUp(municipality, household)
    const { owner } = await testDatabase()
    const first = await settle(topUpId)
    const again = await Promise.all(
      Array.from({ length: 20 }, () =>
        asSystem(municipality.municipalityId, (trx) =>
          issueInvoice(trx, municipality.municipalityId, topUpId),
        ),
      ),
    )
    expect(new Set([first, ...again].map(({ invoiceId }) => invoiceId)).size).toBe(1)
    const series = await owner
      .selectFrom('invoice_series')
      .select('last_number')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(series).toEqual([{ last_number: 1 }])
  })

  test('and one that is not paid gets none', async () => {
    const topUpId = await aTopUp(municipality, household)
    const unpaid = asSystem(municipality.municipalityId, (trx) =>
      issueInvoice(trx, municipality.municipalityId, topUpId),
    )
    await expect(unpaid).rejects.toThrow(/not paid/)
  })

  test('with the tax of the price at which the top-up was made', async () => {
    const { owner } = await testDatabase()
    await owner
      .insertInto('meal_price')
      .values([
        {
          municipality_id: municipality.municipalityId,
          service_id: municipality.serviceId,
          valid_from: '2026-11-01',
          price_cents: 500,
          vat_basis_points: 0,
          vat_nature: 'N4',
          vat_reference: 'Esente art. 10 DPR 633/1972',
        },
        {
          municipality_id: municipality.municipalityId,
          service_id: municipality.serviceId,
          valid_from: '2026-12-01',
          price_cents: 560,
        },
      ])
      .execute()
    const topUpId = await aTopUp(municipality, household, { unitCents: 500 })
    await setClock('2026-12-02T10:00:00Z')
    const { invoiceId } = await settle(topUpId)
    expect(await rowOf(invoiceId)).toMatchObject({ vat_cents: 0, net_cents: 10_000, vat_nature: 'N4' })
  })
})

const CRASH = 'crash before the commit'

describe('The register of invoices', () => {
  test('has no holes through 300 settlements, 40 at a time, some rolled back, across New Year’s Eve', async () => {
    await setClock('2026-12-31T22:59:59Z')
    const topUps = await Promise.all(
      Array.from({ length: 300 }, () => aTopUp(municipality, household, { meals: 1 })),
    )
    let done = 0
    const newYear = Promise.withResolvers<void>()
    const settleOne = (topUpId: string, index: number) =>
      settle(topUpId, () => {
        done += 1
        if (done === 100) newYear.resolve()
        if (index % 7 === 0) throw new Error(CRASH)
      }).catch((error: Error) => expect(error.message).toBe(CRASH))
    const queue = topUps.entries()
    const settlers = Array.from({ length: 40 }, async () => {
      for (const [index, topUpId] of queue) await settleOne(topUpId, index)
    })
    await newYear.promise
    await setClock('2026-12-31T23:00:01Z')
    await Promise.all(settlers)

    const { owner } = await testDatabase()
    const rows = await owner
      .selectFrom('invoice')
      .select(['year', 'number', 'issued_on', 'number_text'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('year')
      .orderBy('number')
      .execute()
    expect(rows).toHaveLength(300 - 43)
    for (const year of [2026, 2027]) {
      const register = rows.filter((row) => row.year === year)
      expect(register.length).toBeGreaterThan(50)
      expect(register.map(({ number }) => number)).toEqual(register.map((_, index) => index + 1))
      const dates = register.map(({ issued_on }) => issued_on)
      expect(dates).toEqual([...dates].sort())
    }
    expect(new Set(rows.map(({ number_text }) => number_text)).size).toBe(rows.length)
  })

  test('numbers a payment that is seen late after the others, on the day on which it was paid', async () => {
    await setClock('2026-11-25T23:00:00Z')
    await anInvoice()
    await setClock('2026-11-25T22:59:59Z')
    const late = await anInvoice()
    expect(await rowOf(late.invoiceId)).toMatchObject({ number: 2, issued_on: '2026-11-25' })
  })

  test('is one for each municipality', async () => {
    const otherMunicipality = await aMunicipality()
    const other = await aHousehold(otherMunicipality)
    await anInvoice()
    const topUpId = await aTopUp(otherMunicipality, other)
    const issued = await asSystem(otherMunicipality.municipalityId, async (trx) => {
      await markPaid(trx, otherMunicipality, topUpId)
      return issueInvoice(trx, otherMunicipality.municipalityId, topUpId)
    })
    expect((await rowOf(issued.invoiceId)).number).toBe(1)
  })
})

describe('An issued invoice', () => {
  test('keeps the names and the address it was issued with', async () => {
    const { owner } = await testDatabase()
    const { invoiceId } = await anInvoice()
    await owner
      .updateTable('person')
      .set({ family_name: 'Rossi', street: 'Via Nuova 1' })
      .where('id', '=', household.holder.personId)
      .execute()
    const file = await invoiceToDownload(household.holderViewer, invoiceId, 'pdf')
    expect(file?.document.customer).toMatchObject({ lastName: 'Conti', address: { street: 'Via Verdi 3' } })
  })

  test.each([
    ['changed', sql`update invoice set total_cents = 1`],
    ['given another XML', sql`update invoice set xml = '<a/>'`],
    ['deleted', sql`delete from invoice`],
    ['truncated', sql`truncate invoice cascade`],
  ])('cannot be %s, not even by the owner of the database', async (_how, statement) => {
    const { owner } = await testDatabase()
    await anInvoice()
    await expect(statement.execute(owner)).rejects.toThrow(/append-only/)
  })
})

describe('Without the address of the holder', () => {
  beforeEach(withoutAddress)

  test('the money is settled and the invoice numbered, but there is nothing to download yet', async () => {
    const issued = await anInvoice()
    expect(issued.complete).toBe(false)
    expect(await rowOf(issued.invoiceId)).toMatchObject({
      gaps: ['customer_address'],
      xml: null,
      completed_at: null,
    })
    expect(await invoiceToDownload(household.holderViewer, issued.invoiceId, 'xml')).toBeNull()
    const list = await invoicesOf(household.holderViewer)
    expect(list?.addressMissing).toBe(true)
  })

  const address = {
    street: 'Via dei Tigli 8',
    postalCode: '37060',
    city: 'Mozzecane',
    province: 'VR',
    country: 'IT',
  }

  test('giving it writes the XML with the same number and date, once and for all', async () => {
    const issued = await anInvoice()
    const before = await rowOf(issued.invoiceId)
    await setClock('2026-11-26T08:00:00Z')
    expect(await giveInvoiceAddress(household.holderViewer, address)).toEqual({
      ok: true,
      value: { completed: 1 },
    })
    const after = await rowOf(issued.invoiceId)
    expect(after).toMatchObject({ number_text: before.number_text, issued_on: '2026-11-24', gaps: [] })
    expect(after.xml).toContain('<Indirizzo>Via dei Tigli 8</Indirizzo>')
    expect(checkStructure(after.xml as string)).toEqual([])
    const { owner } = await testDatabase()
    await expect(sql`update invoice set gaps = '{x}', xml = null`.execute(owner)).rejects.toThrow(
      /append-only/,
    )
  })

  test('the office’s correction of a name or code completes what waited for it', async () => {
    const { owner } = await testDatabase()
    const person = owner.updateTable('person').where('id', '=', household.holder.personId)
    await person
      .set({
        street: 'Via Verdi 3',
        postcode: '37060',
        city: 'Mozzecane',
        province: 'VR',
        family_name: 'Ћирић',
      })
      .execute()
    const issued = await anInvoice()
    expect((await rowOf(issued.invoiceId)).gaps).toEqual(['customer_name'])
    await person.set({ family_name: 'Ciric' }).execute()
    const completed = await asSystem(municipality.municipalityId, (trx) =>
      completeInvoices(trx, municipality.municipalityId, household.holder.personId),
    )
    expect(completed).toBe(1)
    expect((await rowOf(issued.invoiceId)).xml).toContain('<Cognome>Ciric</Cognome>')
  })

  test.each([
    ['no province', { province: null }],
    ['a postal code of four digits', { postcode: '3706' }],
    ['a street in Greek letters', { street: 'Οδός Ερμού 3' }],
  ])('one with %s counts as missing, and is asked for until it is whole', async (_what, broken) => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({ street: 'Via Verdi 3', postcode: '37060', city: 'Mozzecane', province: 'VR', ...broken })
      .where('id', '=', household.holder.personId)
      .execute()
    const issued = await anInvoice()
    expect((await rowOf(issued.invoiceId)).gaps).toEqual(['customer_address'])
    expect(await invoicesOf(household.holderViewer)).toMatchObject({
      addressMissing: true,
      address: { country: 'IT', city: 'Mozzecane' },
    })
    expect(await giveInvoiceAddress(household.holderViewer, address)).toMatchObject({
      value: { completed: 1 },
    })
  })

  test('a change of address in the profile completes what waits, each time with a word to the holder', async () => {
    const { owner } = await testDatabase()
    for (const street of ['Via Po 1', 'Via Po 2']) {
      await anInvoice()
      expect(await changeAddress(household.holderViewer, { ...address, street })).toMatchObject({
        value: { completed: 1 },
      })
      await withoutAddress()
    }
    const told = await owner
      .selectFrom('notification')
      .select('event')
      .where('person_id', '=', household.holder.personId)
      .where('event', '=', 'invoice:ready')
      .execute()
    expect(told).toHaveLength(2)
  })

  test('one abroad is written as abroad, with no Italian province', async () => {
    const issued = await anInvoice()
    const lyon = {
      street: '12 rue de la Paix',
      postalCode: '69002',
      city: 'Lyon',
      province: null,
      country: 'FR',
    }
    expect(await changeAddress(household.holderViewer, lyon)).toMatchObject({ value: { completed: 1 } })
    const { xml } = await rowOf(issued.invoiceId)
    expect(xml).toMatch(/<CAP>00000<\/CAP>\s*<Comune>Lyon<\/Comune>\s*<Nazione>FR<\/Nazione>/)
    expect(checkStructure(xml as string)).toEqual([])
  })

  test('only what was missing can be completed', async () => {
    const { owner } = await testDatabase()
    await anInvoice()
    const forged = sql`update invoice set xml = '<a/>', xml_sha256 = sha256(''), gaps = '{}', completed_at = now(), meals = 1, total_cents = 540
      where municipality_id = ${municipality.municipalityId}`
    await expect(forged.execute(owner)).rejects.toThrow(/changes nothing else/)
  })

  test('an address that is already there is not changed from here', async () => {
    await giveInvoiceAddress(household.holderViewer, address)
    const again = await giveInvoiceAddress(household.holderViewer, { ...address, street: 'Altrove 1' })
    expect(again).toEqual({ ok: false, code: 'invoices:address-known' })
  })

  test('the delegate cannot give one', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    expect(await giveInvoiceAddress(delegate, address)).toEqual({ ok: false, code: 'request:not-found' })
  })
})

describe('Invoices are for the holder only', () => {
  let invoiceId: string
  let others: Record<string, Viewer>

  beforeEach(async () => {
    invoiceId = (await anInvoice()).invoiceId
    const stranger = await aHousehold(municipality)
    await anInvoice({}, stranger)
    const person = await aPerson(municipality)
    others = {
      delegate: await aDelegate(municipality, household.householdId),
      stranger: stranger.holderViewer,
      nobody: viewerOf(municipality, person, {}),
      staff: viewerOf(municipality, person, { staffRoles: ['manager'] }),
      elsewhere: { ...household.holderViewer, municipalityId: (await aMunicipality()).municipalityId },
    }
  })

  const pretending = (viewer: Viewer): Viewer => ({
    ...viewer,
    memberships: [{ householdId: household.householdId, role: 'holder' }],
  })

  test('who sees and downloads them, and the download is written down', async () => {
    const list = await invoicesOf(household.holderViewer)
    expect(list?.invoices.map(({ id }) => id)).toEqual([invoiceId])
    const file = await invoiceToDownload(household.holderViewer, invoiceId, 'xml')
    expect(file?.fileName).toMatch(/^fattura-2026-[A-Z]{3}-000001\.xml$/)
    const { owner } = await testDatabase()
    const audit = await owner
      .selectFrom('audit_event')
      .select(['action', 'person_id', 'details'])
      .where('object_id', '=', invoiceId)
      .execute()
    expect(audit).toEqual([
      { action: 'invoices:downloaded', person_id: household.holder.personId, details: { format: 'xml' } },
    ])
  })

  const seen = async (viewer: Viewer): Promise<unknown> => [
    await invoiceToDownload(viewer, invoiceId, 'pdf'),
    (await invoicesOf(viewer))?.invoices.filter(({ id }) => id === invoiceId) ?? [],
  ]

  test.each(['delegate', 'stranger', 'nobody', 'staff', 'elsewhere'])('%s sees none', async (who) => {
    expect(await seen(others[who] as Viewer)).toEqual([null, []])
  })

  test.each(['delegate', 'stranger', 'nobody', 'staff'])(
    '%s sees none by the rows’ own protection, whatever the application believes',
    async (who) => {
      const liar = pretending(others[who] as Viewer)
      expect(await seen(liar)).toEqual([null, []])
      const rows = await asFamily(liar, (trx) =>
        trx.selectFrom('invoice').select('id').where('id', '=', invoiceId).execute(),
      )
      expect(rows).toEqual([])
    },
  )

  test('a query that does not say who asks sees none', async () => {
    expect(await database().selectFrom('invoice').select('id').execute()).toEqual([])
  })

  describe('with the protection of rows switched off', () => {
    const rowSecurity = async (what: 'enable' | 'disable') => {
      const { owner } = await testDatabase()
      await sql.raw(`alter table invoice ${what} row level security`).execute(owner)
    }
    beforeEach(() => rowSecurity('disable'))
    afterEach(() => rowSecurity('enable'))

    test.each(['delegate', 'stranger', 'nobody', 'staff', 'elsewhere'])('%s sees none', async (who) => {
      expect(await seen(others[who] as Viewer)).toEqual([null, []])
    })
  })

  test.each(['', 'x', "' or 1=1", '00000000-0000-0000-0000-000000000000', '../../etc/passwd', '💥'])(
    'an id like “%s” is not found',
    async (id) => {
      expect(await invoiceToDownload(household.holderViewer, id, 'pdf')).toBeNull()
    },
  )
})
