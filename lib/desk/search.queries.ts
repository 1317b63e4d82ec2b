import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { searchTrace } from '#lib/access/people-search.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import { personWithCode } from '#lib/people/person-code.queries.ts'
import { namedPagesFor } from './place.ts'
import {
  type AdultHit,
  type ClassHit,
  type Found,
  type InvoiceHit,
  type PaymentHit,
  type PupilHit,
  pagesNamed,
  type ReceiptHit,
  type RequestHit,
  readSearch,
  type SearchMeaning,
} from './search.ts'

/** Of each kind; who wants more writes more. */
const MOST = 8

const NOTHING: Found = {
  ...{ pupils: [], changesMeals: false, adults: [], classes: [], day: null },
  ...{ invoices: [], receipts: [], requests: [], pages: [] },
  payments: [],
}

/**
 * Everything of the office that was meant by what was typed, as far as the viewer's roles open it. People that were found are
 * written down. Null for a person without a role in the office.
 */
export async function searchOffice(viewer: Viewer, text: unknown): Promise<Found | null> {
  if (viewer.staffRoles.length === 0) return null
  return asStaff(viewer, async (trx) => {
    const { today } = await readClock(trx)
    const typed = readSearch(text, today)
    if (!typed) return NOTHING
    const found = await findAll(trx, viewer, typed)
    const shown = found.pupils.length + found.adults.length
    if (shown > 0)
      await recordAudit(trx, viewer, {
        action: 'households.searched',
        objectType: 'search',
        objectId: 'households',
        details: searchTrace(String(text).trim(), shown),
      })
    return found
  })
}

async function findAll(trx: Trx, viewer: Viewer, typed: SearchMeaning): Promise<Found> {
  const { municipalityId } = viewer
  const may = (capability: Parameters<typeof allowedToStaff>[1]) => allowedToStaff(viewer, capability)
  const readsFamilies = may('household:manage')
  const readsOwnPupils = !readsFamilies && may('pupils:list')
  const [pupils, adults, classes, ownClasses, invoices, receipts, payments, requests] = await Promise.all([
    readsFamilies ? findPupils(trx, municipalityId, typed) : readsOwnPupils ? findOwnPupils(trx, typed) : [],
    readsFamilies ? findAdults(trx, municipalityId, typed) : [],
    may('registry:correct') ? findClasses(trx, municipalityId, typed) : [],
    may('classes:read-own') ? findOwnClasses(trx, typed) : [],
    may('invoices:read') ? findInvoices(trx, municipalityId, typed) : [],
    may('meals:read') ? findReceipts(trx, municipalityId, typed) : [],
    may('money:read') ? findPayments(trx, municipalityId, typed) : [],
    may('forms:manage') ? findRequests(trx, municipalityId, typed) : [],
  ])
  return {
    pupils,
    changesMeals: may('meals:change'),
    adults,
    classes: [...classes, ...ownClasses],
    day: may('kitchen:read') || may('kitchen:read-own') ? typed.day : null,
    invoices,
    receipts,
    payments,
    requests,
    pages: typed.words === null ? [] : pagesNamed(namedPagesFor(viewer), typed.words).slice(0, MOST),
  }
}

/** Which pupils are looked for: (id, at), in the order in which they are shown. */
const soughtPupils = (municipalityId: string, { words, fiscalCode }: SearchMeaning): RawBuilder<unknown> =>
  fiscalCode
    ? sql`(select kept_pupil(${municipalityId}::uuid, p.id), 1 from pupil p where p.municipality_id = ${municipalityId} and p.fiscal_code = ${fiscalCode})`
    : sql`find_pupils(${words}::text, ${MOST}::int) with ordinality`

async function findPupils(trx: Trx, municipalityId: string, typed: SearchMeaning): Promise<PupilHit[]> {
  if (typed.words === null && typed.fiscalCode === null) return []
  const { rows } = await sql<PupilHit>`
    select c.id, c.full_name as name, c.household_id as "householdId", (
        select k.name || ', ' || s.name from enrolment e
        join school_class k on k.municipality_id = ${municipalityId} and k.id = e.school_class_id
        join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
        where e.municipality_id = ${municipalityId} and e.pupil_id = c.id order by e.valid_to desc limit 1) as "where"
    from ${soughtPupils(municipalityId, typed)} f (id, at)
    join pupil c on c.municipality_id = ${municipalityId} and c.id = f.id
    order by f.at`.execute(trx)
  return rows
}

/**
 * The pupils of a school office, by their names: the database decides which are its own. Two of one name in one class are one line,
 * which leads to both.
 */
async function findOwnPupils(trx: Trx, { words }: SearchMeaning): Promise<PupilHit[]> {
  if (words === null) return []
  const [first = ''] = words.split(' ')
  const { rows } = await sql<PupilHit>`
    select null::uuid as id, e.pupil_name as name, null::uuid as "householdId", e.class_name || ', ' || e.school_name as "where"
    from own_school_enrolments() e
    where cardinality(typed_grams(app_municipality(), ${words})) > 0 and ${holdsWords(sql`e.search_key`, words)}
    group by e.pupil_name, e.list_key, e.class_name, e.school_name
    order by starts_with(e.list_key, search_key(${first})) desc, e.list_key, e.pupil_name, e.class_name, e.school_name
    limit ${MOST}`.execute(trx)
  return rows
}

async function soughtAdults(
  trx: Trx,
  municipalityId: string,
  { words, fiscalCode, digits }: SearchMeaning,
): Promise<RawBuilder<unknown> | null> {
  if (fiscalCode) {
    const id = await personWithCode(trx, municipalityId, await hashOfCode(trx, fiscalCode))
    return id ? sql`(select ${id}::uuid, 1)` : null
  }
  if (words === null && digits === null) return null
  return sql`find_adults(${words ?? ''}::text, ${digits ?? ''}::text, ${MOST}::int) with ordinality`
}

async function findAdults(trx: Trx, municipalityId: string, typed: SearchMeaning): Promise<AdultHit[]> {
  const sought = await soughtAdults(trx, municipalityId, typed)
  if (!sought) return []
  const { rows } = await sql<AdultHit>`
    select p.full_name as name, m.household_id as "householdId", h.name as household, m.role
    from ${sought} f (id, at)
    join active_member m on m.municipality_id = ${municipalityId} and m.person_id = f.id
    join person p on p.municipality_id = ${municipalityId} and p.id = f.id
    join household h on h.municipality_id = ${municipalityId} and h.id = m.household_id
    order by f.at, h.name, h.id limit ${MOST}`.execute(trx)
  return rows
}

/** Classes of years that are not over, by their name and their school's. */
async function findClasses(trx: Trx, municipalityId: string, { words }: SearchMeaning): Promise<ClassHit[]> {
  if (words === null) return []
  const { rows } = await sql<ClassHit>`
    select c.id, c.name, s.name as school, y.name as year from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
    where c.municipality_id = ${municipalityId} and ${holdsWords(sql`search_key(c.name || s.name)`, words)}
    order by y.starts_on, s.name, c.name limit ${MOST}`.execute(trx)
  return rows
}

/** The same of who has classes of their own: the database decides which. */
async function findOwnClasses(trx: Trx, { words }: SearchMeaning): Promise<ClassHit[]> {
  if (words === null) return []
  const { rows } = await sql<ClassHit>`
    select distinct null::uuid as id, l.class_name as name, l.school_name as school, null as year from own_class_list() l
    where ${holdsWords(sql`search_key(l.class_name || l.school_name)`, words)}
    order by school, name limit ${MOST}`.execute(trx)
  return rows
}

async function findInvoices(
  trx: Trx,
  municipalityId: string,
  { invoice, numbered }: SearchMeaning,
): Promise<InvoiceHit[]> {
  const asked = invoice ?? numbered
  if (!asked) return []
  const series = invoice?.series ?? null
  const { rows } = await sql<InvoiceHit>`
    select i.id, i.number_text as number, p.full_name as holder from invoice i
    join person p on p.municipality_id = ${municipalityId} and p.id = i.holder_id
    where i.municipality_id = ${municipalityId} and (${series}::text is null or i.series = ${series})
      and i.year = ${asked.year} and i.number = ${asked.number}
    order by i.series limit ${MOST}`.execute(trx)
  return rows
}

async function findReceipts(
  trx: Trx,
  municipalityId: string,
  { receipt }: SearchMeaning,
): Promise<ReceiptHit[]> {
  if (receipt === null) return []
  const { rows } = await sql<ReceiptHit>`
    select r.id, r.number, r.household_id as "householdId", h.name as household, r.arrived_at as at from absence_receipt r
    join household h on h.municipality_id = ${municipalityId} and h.id = r.household_id
    where r.municipality_id = ${municipalityId} and r.number = ${receipt}`.execute(trx)
  return rows
}

/** Payments by their order, by an operation of the provider or by their sum, the newest first. */
async function findPayments(
  trx: Trx,
  municipalityId: string,
  { payment: { code, amountCents } }: SearchMeaning,
): Promise<PaymentHit[]> {
  if (code === null && amountCents === null) return []
  const { rows } = await sql<PaymentHit>`
    select t.id, t.order_id as "order", h.name as household, t.meals * t.unit_cents as "amountCents", coalesce(t.paid_at, t.created_at) as at
    from top_up t
    join household h on h.municipality_id = ${municipalityId} and h.id = t.household_id
    where t.municipality_id = ${municipalityId} and (t.order_id = ${code?.toUpperCase() ?? null}::text
      or t.amount_cents = ${amountCents}::int
      or t.id = any (array(select o.top_up_id from provider_operation o where o.municipality_id = ${municipalityId}
        and o.operation_id = ${code}::text)))
    order by coalesce(t.paid_at, t.created_at) desc, t.id limit ${MOST}`.execute(trx)
  return rows
}

async function findRequests(
  trx: Trx,
  municipalityId: string,
  { numbered }: SearchMeaning,
): Promise<RequestHit[]> {
  if (!numbered) return []
  const { rows } = await sql<RequestHit>`
    select q.id, q.form_id as "formId", q.protocol_number || '/' || q.protocol_year as number, q.about, p.full_name as "from"
    from form_submission q
    join person p on p.municipality_id = ${municipalityId} and p.id = q.person_id
    where q.municipality_id = ${municipalityId} and q.protocol_year = ${numbered.year} and q.protocol_number = ${numbered.number}`.execute(
    trx,
  )
  return rows
}
