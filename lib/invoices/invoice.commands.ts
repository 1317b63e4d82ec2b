import { plural } from '#lib/words/language.ts'
import 'server-only'
import { sql } from 'kysely'
import { asFamily, asSystem, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import {
  type Address,
  type Customer,
  type InvoiceDocument,
  invoiceNumberText,
  type Supplier,
  splitVat,
} from './invoice.ts'
import { fileOf } from './invoice-file.ts'
import {
  CUSTOMER_COLUMNS,
  customerFrom,
  documentNow,
  RECORD_COLUMNS,
  recordOf,
  SUPPLIER_COLUMNS,
  supplierOf,
} from './invoice-record.ts'

export type IssuedInvoice = {
  invoiceId: string
  /** "2026/MZC/000123" */
  number: string
  /** False when something is missing and the XML will come later. */
  complete: boolean
}

/**
 * Issues the invoice of a paid top-up, in the transaction that settles it, with the top-up already locked by the caller
 * and the transaction speaking as the system. Number, date and words are fixed here and never change; the date is the day of
 * the payment in Italy, also when it is seen later (circular 14/E of 2019: the date of an immediate invoice is that of the operation).
 * Missing data never stop a settlement: the invoice is numbered, and its XML is written when the data arrive.
 * Asked twice for one top-up, it answers the same invoice.
 * @throws when the top-up does not exist or is not paid: a bug of the caller
 */
export async function issueInvoice(
  trx: Trx,
  municipalityId: string,
  topUpId: string,
): Promise<IssuedInvoice> {
  const issued = await invoiceOfTopUp(trx, municipalityId, topUpId)
  if (issued)
    return { invoiceId: issued.id, number: issued.number_text, complete: issued.xml_sha256 !== null }
  const facts = await factsOf(trx, municipalityId, topUpId)
  const number = await nextNumber(trx, municipalityId, facts.invoice_series, facts.paid_on)
  const document = documentFrom(facts, number)
  const file = fileOf(document)
  const { id } = await trx
    .insertInto('invoice')
    .values({
      municipality_id: municipalityId,
      top_up_id: topUpId,
      household_id: facts.household_id,
      holder_id: facts.payer_id,
      number_text: invoiceNumberText(document.number),
      ...recordOf(document),
      supplier: JSON.stringify(document.supplier),
      customer: JSON.stringify(document.customer),
      ...file,
      ...(file.xml === null ? { completed_at: null } : {}),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { invoiceId: id, number: invoiceNumberText(document.number), complete: file.xml !== null }
}

const invoiceOfTopUp = (trx: Trx, municipalityId: string, topUpId: string) =>
  trx
    .selectFrom('invoice')
    .select(['id', 'number_text', 'xml_sha256'])
    .where('municipality_id', '=', municipalityId)
    .where('top_up_id', '=', topUpId)
    .executeTakeFirst()

/** The paid top-up with supplier, holder and tax as they are now: the tax is that of the price the top-up was made at. */
async function factsOf(trx: Trx, municipalityId: string, topUpId: string) {
  const facts = await trx
    .selectFrom('top_up as t')
    .innerJoin('account as a', (join) =>
      join.on('a.municipality_id', '=', municipalityId).onRef('a.id', '=', 't.account_id'),
    )
    .innerJoin('service as s', (join) =>
      join.on('s.municipality_id', '=', municipalityId).onRef('s.id', '=', 'a.service_id'),
    )
    .innerJoin('person as p', (join) =>
      join.on('p.municipality_id', '=', municipalityId).onRef('p.id', '=', 't.payer_id'),
    )
    .innerJoin('municipality as m', 'm.id', 't.municipality_id')
    .innerJoin('operator as o', 'o.id', 'm.operator_id')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('meal_price as mp')
          .select(['mp.vat_basis_points', 'mp.vat_nature', 'mp.vat_reference'])
          .where('mp.municipality_id', '=', municipalityId)
          .whereRef('mp.service_id', '=', 'a.service_id')
          .where(sql<boolean>`mp.valid_from <= (t.created_at at time zone 'Europe/Rome')::date`)
          .orderBy('mp.valid_from', 'desc')
          .limit(1)
          .as('tax'),
      (join) => join.onTrue(),
    )
    .select(['t.household_id', 't.payer_id', 't.meals', 't.unit_cents', 't.method'])
    .select(sql<string>`(t.paid_at at time zone 'Europe/Rome')::date`.as('paid_on'))
    .select(['s.name as service_name', 'm.name as municipality_name', 'm.invoice_series'])
    .select(['tax.vat_basis_points', 'tax.vat_nature', 'tax.vat_reference'])
    .select(['p.given_name', 'p.family_name', 'p.fiscal_code'])
    .select(['p.street', 'p.postcode', 'p.city', 'p.province', 'p.country'])
    .select(SUPPLIER_COLUMNS)
    .where('t.municipality_id', '=', municipalityId)
    .where('t.id', '=', topUpId)
    .where('t.state', '=', 'paid')
    .executeTakeFirst()
  if (!facts) throw new Error(`top-up ${topUpId} is not paid, or its service has no price: no invoice`)
  return facts
}

type Numbered = { year: number; series: string; sequence: number; date: string }

/**
 * The next number of the register of a day's year. The counter's row stays locked until the transaction ends, so numbers have
 * no holes after any rollback. They are unique and progressive; a payment that is seen late has a later number and its own day.
 */
async function nextNumber(trx: Trx, municipalityId: string, series: string, day: string): Promise<Numbered> {
  const { rows } = await sql<Numbered>`
    insert into invoice_series as s (municipality_id, code, year, last_number, last_issued_on)
    values (${municipalityId}, ${series}, extract(year from ${day}::date)::int, 1, ${day}::date)
    on conflict (municipality_id, code, year) do update
      set last_number = s.last_number + 1, last_issued_on = greatest(s.last_issued_on, excluded.last_issued_on)
    returning year, code as series, last_number as sequence, ${day}::date as date`.execute(trx)
  return rows[0] as Numbered
}

function documentFrom(
  facts: Awaited<ReturnType<typeof factsOf>>,
  { date, ...number }: Numbered,
): InvoiceDocument {
  const totalCents = facts.meals * facts.unit_cents
  return {
    number,
    date,
    supplier: supplierOf(facts),
    customer: customerFrom(facts),
    municipalityName: facts.municipality_name,
    serviceName: facts.service_name,
    meals: facts.meals,
    mealPriceCents: facts.unit_cents,
    totalCents,
    ...splitVat(totalCents, facts.vat_basis_points),
    vat: {
      rateBasisPoints: facts.vat_basis_points,
      nature: facts.vat_nature,
      legalReference: facts.vat_reference,
    },
    method: facts.method,
  }
}

/**
 * The holder gives the address that the register lacks, and the invoices that waited for it get their XML.
 * Only an address that is missing can be given here; changing one is a matter of the profile.
 */
export async function giveInvoiceAddress(
  viewer: Viewer,
  typed: Address,
): Promise<Result<{ completed: number }>> {
  if (!allowedToFamily(viewer, 'household:manage')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const known = await customerOf(trx, viewer.municipalityId, viewer.personId)
    if (known.address) return refused('invoices:address-known')
    const completed = await keepAddress(trx, viewer, typed)
    await recordAudit(trx, viewer, {
      action: 'invoices:address-given',
      objectType: 'person',
      objectId: viewer.personId,
      details: { completed },
    })
    return ok({ completed })
  })
}

/** Writes the viewer's own address, and completes what waited for it. @returns how many invoices got their XML */
export async function keepAddress(trx: Trx, viewer: Viewer, typed: Address): Promise<number> {
  await trx
    .updateTable('person')
    .set({
      street: typed.street,
      postcode: typed.postalCode,
      city: typed.city,
      province: typed.province,
      country: typed.country,
    })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', viewer.personId)
    .execute()
  return completeInvoices(trx, viewer.municipalityId, viewer.personId)
}

/** A person as an invoice names them. */
async function customerOf(trx: Trx, municipalityId: string, personId: string): Promise<Customer> {
  const person = await trx
    .selectFrom('person')
    .select(CUSTOMER_COLUMNS)
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', personId)
    .executeTakeFirstOrThrow()
  return customerFrom(person)
}

const supplierNow = async (trx: Trx, municipalityId: string): Promise<Supplier> =>
  supplierOf(
    await trx
      .selectFrom('municipality as m')
      .innerJoin('operator as o', 'o.id', 'm.operator_id')
      .select(SUPPLIER_COLUMNS)
      .where('m.id', '=', municipalityId)
      .executeTakeFirstOrThrow(),
  )

/**
 * Writes the XML of the invoices of a person that waited for what the register now has: address, name or fiscal code, and the
 * supplier's data. The holder is told. Asked after each change of these data.
 * @returns how many got their XML
 */
export async function completeInvoices(trx: Trx, municipalityId: string, personId: string): Promise<number> {
  const waiting = await trx
    .selectFrom('invoice')
    .select(['id', 'gaps', ...RECORD_COLUMNS])
    .where('municipality_id', '=', municipalityId)
    .where('holder_id', '=', personId)
    .where('xml', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  if (waiting.length === 0) return 0
  const customer = await customerOf(trx, municipalityId, personId)
  const supplier = await supplierNow(trx, municipalityId)
  const completed: string[] = []
  for (const row of waiting) {
    const document = documentNow(row, customer, supplier)
    const file = fileOf(document)
    if (file.xml === null) continue
    await trx
      .updateTable('invoice')
      .set({
        ...file,
        customer: JSON.stringify(document.customer),
        supplier: JSON.stringify(document.supplier),
        completed_at: sql`app_now()`,
      })
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', row.id)
      .execute()
    completed.push(row.id)
  }
  await tellCompleted(trx, municipalityId, personId, completed)
  return completed.length
}

/**
 * Writes the XML of the invoices that waited for the data of the supplier, of every municipality, each holder's in a transaction
 * of its own: one supplier may serve many municipalities, and hold the invoices of all their families.
 * @returns how many got their XML
 */
export async function completeHeldInvoices(isStopping: () => boolean = () => false): Promise<number> {
  let done = 0
  for (const id of await municipalitiesWith(sql`municipalities_with_held_invoices()`)) {
    const holders = await asSystem(id, (trx) =>
      trx
        .selectFrom('invoice')
        .select('holder_id')
        .distinct()
        .where('municipality_id', '=', id)
        .where('xml', 'is', null)
        .where(sql<boolean>`gaps && '{supplier,structure}'`)
        .execute(),
    )
    for (const { holder_id } of holders) {
      if (isStopping()) return done
      done += await asSystem(id, (trx) => completeInvoices(trx, id, holder_id))
    }
  }
  return done
}

async function tellCompleted(trx: Trx, municipalityId: string, personId: string, completed: string[]) {
  const last = completed.at(-1)
  if (last === undefined) return
  const n = completed.length
  await notify(trx, municipalityId, {
    event: 'invoice:ready',
    key: `invoices-completed:${last}`,
    to: [personId],
    money: 'own-payment',
    say: (t) => ({
      title: t(plural('La tua fattura è pronta', 'Le tue fatture sono pronte'), { n }),
      text: t(
        plural(
          'Con i tuoi dati ora è completa: puoi scaricarla dal portale.',
          'Con i tuoi dati ora sono complete: puoi scaricarle dal portale.',
        ),
        { n },
      ),
    }),
    path: '/pagamenti/fatture',
  })
}
