import { beforeEach, describe, expect, test } from 'vitest'
import { asStaff, asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { completeHeldInvoices, giveInvoiceAddress, issueInvoice } from '#lib/invoices/invoice.commands.ts'
import { officeInvoice } from '#lib/invoices/office/office-invoice.queries.ts'
import { changeSupplier, previewSupplier } from '#lib/invoices/office/supplier.commands.ts'
import { supplierForOffice } from '#lib/invoices/office/supplier.queries.ts'
import type { SupplierData } from '#lib/invoices/office/supplier.ts'
import { waitingInvoices } from '#lib/invoices/office/waiting-invoice.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aTopUp, markPaid } from '#tests/support/money.ts'

let municipality: TestMunicipality
let household: Household
let accountant: Viewer
let data: SupplierData

beforeEach(async () => {
  await setClock('2026-11-24T10:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  accountant = await aStaffViewer(municipality, 'accountant')
  data = (await supplierForOffice(accountant))?.data as SupplierData
})

const operatorOf = async (of: TestMunicipality) => {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('municipality')
    .select('operator_id as id')
    .where('id', '=', of.municipalityId)
    .executeTakeFirstOrThrow()
}

/** The supplier as a careless set-up left it: no street. */
const withoutStreet = async () => {
  const { owner } = await testDatabase()
  const { id } = await operatorOf(municipality)
  await owner.updateTable('operator').set({ street: '' }).where('id', '=', id).execute()
}

async function anInvoice(of = household, inside = municipality) {
  const topUpId = await aTopUp(inside, of)
  return asSystem(inside.municipalityId, async (trx) => {
    await markPaid(trx, inside, topUpId)
    return issueInvoice(trx, inside.municipalityId, topUpId)
  })
}

const rowOf = async (invoiceId: string) => {
  const { owner } = await testDatabase()
  return owner.selectFrom('invoice').selectAll().where('id', '=', invoiceId).executeTakeFirstOrThrow()
}

const asked = (changes: Partial<SupplierData>): SupplierData => ({ ...data, ...changes })

/** Both presses, one after the other. */
async function change(changes: Partial<SupplierData>, { by = accountant, revision = 0 } = {}) {
  const preview = await previewSupplier(by, asked(changes), revision)
  if (!preview.ok) return preview
  return changeSupplier(by, asked(changes), { revision, ...preview.value.seen })
}

describe('F7 data of the supplier that kept invoices waiting', () => {
  test('are put right by the office, which reads before which invoices go out; they go out and their holder is told', async () => {
    const before = await anInvoice()
    await withoutStreet()
    const held = await anInvoice()
    expect((await rowOf(held.invoiceId)).gaps).toEqual(['supplier'])
    const preview = await previewSupplier(accountant, asked({ street: 'Via Po 7' }), 0)
    expect(preview).toMatchObject({
      ok: true,
      value: {
        lines: [
          'Via e numero civico: da “” a “Via Po 7”.',
          `Entro un minuto parte una fattura che aspettava: ${held.number}.`,
          'Le fatture già emesse restano come sono.',
        ],
      },
    })
    expect(await completeHeldInvoices()).toBe(0)
    expect(await change({ street: 'Via Po 7' })).toEqual({ ok: true, value: null })
    expect(await waitingInvoices(accountant)).toMatchObject([{ id: held.invoiceId, gaps: [] }])
    expect(await completeHeldInvoices()).toBe(1)
    const [whole, old] = await Promise.all([rowOf(held.invoiceId), rowOf(before.invoiceId)])
    expect(whole).toMatchObject({ gaps: [], supplier: { address: { street: 'Via Po 7' } } })
    expect(whole.xml).toContain('<Indirizzo>Via Po 7</Indirizzo>')
    expect(old.supplier).toMatchObject({ address: { street: 'Via Roma 1' } })
    expect(await waitingInvoices(accountant)).toEqual([])
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select(['person_id', 'event'])
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(told).toEqual([{ person_id: household.holder.personId, event: 'invoice:ready' }])
    const audit = await owner
      .selectFrom('audit_event')
      .select(['action', 'person_id', 'details'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('action', '=', 'supplier.changed')
      .execute()
    expect(audit).toEqual([
      {
        action: 'supplier.changed',
        person_id: accountant.personId,
        details: { fields: 'street', revision: 1 },
      },
    ])
  })

  test('and an invoice that waits for its payer too goes out when the last of both has come', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({ street: null, postcode: null, city: null, province: null })
      .where('id', '=', household.holder.personId)
      .execute()
    await withoutStreet()
    const held = await anInvoice()
    expect((await rowOf(held.invoiceId)).gaps).toEqual(['customer_address', 'supplier'])
    const preview = await previewSupplier(accountant, asked({ street: 'Via Po 7' }), 0)
    expect(preview.ok && preview.value.lines).toContain(
      'Una fattura aspetta ancora un altro dato: la trovi in Pagamenti da sistemare.',
    )
    await change({ street: 'Via Po 7' })
    expect(await completeHeldInvoices()).toBe(0)
    expect(await waitingInvoices(accountant)).toMatchObject([{ gaps: ['customer_address'] }])
    const address = {
      street: 'Via Adda 1',
      postalCode: '37060',
      city: 'Mozzecane',
      province: 'VR',
      country: 'IT',
    }
    expect(await giveInvoiceAddress(household.holderViewer, address)).toMatchObject({
      value: { completed: 1 },
    })
    expect((await rowOf(held.invoiceId)).supplier).toMatchObject({ address: { street: 'Via Po 7' } })
  })

  test('are those of every municipality of the supplier: invoices go out there too', async () => {
    const neighbour = await aMunicipality()
    const { owner } = await testDatabase()
    const { id } = await operatorOf(municipality)
    await owner
      .updateTable('municipality')
      .set({ operator_id: id, name: 'Nogarole' })
      .where('id', '=', neighbour.municipalityId)
      .execute()
    await withoutStreet()
    const there = await anInvoice(await aHousehold(neighbour), neighbour)
    const preview = await previewSupplier(accountant, asked({ street: 'Via Po 7' }), 0)
    expect(preview.ok && preview.value.lines.at(-1)).toContain('Mozzecane e Nogarole')
    await change({ street: 'Via Po 7' })
    expect(await completeHeldInvoices()).toBe(1)
    expect((await rowOf(there.invoiceId)).xml).not.toBeNull()
  })

  test('of whom a colleague changed something meanwhile are not changed, and the second reads who it was', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const preview = await previewSupplier(accountant, asked({ phone: '045 1' }), 0)
    expect(await change({ city: 'Verona' }, { by: manager })).toMatchObject({ ok: true })
    const seen = preview.ok ? preview.value.seen : { fingerprint: '' }
    expect(
      await changeSupplier(accountant, asked({ phone: '045 1' }), { revision: 0, ...seen }),
    ).toMatchObject({
      code: 'supplier:changed-meanwhile',
      details: { who: 'Ufficio Conti' },
      savedNow: { at: { revision: 1 }, fields: { city: 'Verona' } },
    })
    expect((await supplierForOffice(accountant))?.data).toMatchObject({ city: 'Verona', phone: data.phone })
  })

  test('are changed by one of two who confirm together', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const answers = await Promise.all([
      change({ city: 'Verona' }, { by: manager }),
      change({ city: 'Padova' }),
    ])
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code)).sort()).toEqual([
      'ok',
      'supplier:changed-meanwhile',
    ])
  })

  test('are not changed for something else than what was read', async () => {
    const preview = await previewSupplier(accountant, asked({ city: 'Verona' }), 0)
    const seen = preview.ok ? preview.value.seen : { fingerprint: '' }
    expect(
      await changeSupplier(accountant, asked({ city: 'Padova' }), { revision: 0, ...seen }),
    ).toMatchObject({
      code: 'supplier:preview-again',
    })
    expect(await change({})).toMatchObject({ code: 'supplier:nothing' })
  })

  test('have a VAT number that no other supplier has', async () => {
    const other = await supplierForOffice(await aStaffViewer(await aMunicipality(), 'manager'))
    expect(await change({ vatNumber: other?.data.vatNumber as string })).toMatchObject({
      code: 'supplier:vat-taken',
      fields: { vatNumber: 'supplier:vat-taken' },
    })
  })

  test('are for accountant and manager, and the database refuses who is not at the office', async () => {
    for (const role of ['operator', 'editor'] as const) {
      const viewer = await aStaffViewer(municipality, role)
      expect(await supplierForOffice(viewer)).toBeNull()
      expect(await change({ city: 'Verona' }, { by: viewer })).toMatchObject({ code: 'request:not-found' })
    }
    const { sql } = await import('kysely')
    const { asFamily } = await import('#db/client.ts')
    const bypass = asFamily(household.holderViewer, (trx) =>
      sql`select save_supplier(0, ${JSON.stringify(data)}::jsonb)`.execute(trx),
    )
    await expect(bypass).rejects.toMatchObject({ code: '42501' })
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    await asStaff(elsewhere, (trx) =>
      sql`select save_supplier(0, ${JSON.stringify(data)}::jsonb)`.execute(trx),
    ).catch(() => undefined)
    expect((await supplierForOffice(accountant))?.revision).toBe(0)
  })
})

describe('J9 an invoice as the office reads it', () => {
  test('is one of the municipality, for who may read them; the reading is registered', async () => {
    const { invoiceId } = await anInvoice()
    expect(await officeInvoice(accountant, invoiceId)).toMatchObject({
      gaps: [],
      householdId: household.householdId,
      document: { municipalityName: 'Mozzecane' },
    })
    expect(await officeInvoice(await aStaffViewer(municipality, 'editor'), invoiceId)).toBeNull()
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await officeInvoice(elsewhere, invoiceId)).toBeNull()
    const { owner } = await testDatabase()
    const audit = await owner
      .selectFrom('audit_event')
      .select(['person_id', 'object_id'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('action', '=', 'invoices:read')
      .execute()
    expect(audit).toEqual([{ person_id: accountant.personId, object_id: invoiceId }])
  })
})
