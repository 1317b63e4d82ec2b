import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import { cutoffOf } from '#lib/school/school-year.ts'
import { testDatabase } from './database.ts'

/**
 * Builders on the real database, as the owner. Each makes what is usual and takes what the test is about.
 * A municipality per test keeps tests apart without cleaning up.
 */
export type TestMunicipality = {
  municipalityId: string
  slug: string
  serviceId: string
  schoolYearId: string
  school: School
}
export type School = { id: string; classId: string }

let counter = 0
const next = (): number => {
  counter += 1
  return counter
}

const letters = (n: number, length: number): string => {
  let text = ''
  for (let rest = n, i = 0; i < length; i += 1, rest = Math.floor(rest / 26)) {
    text = String.fromCharCode(65 + (rest % 26)) + text
  }
  return text
}

const CONSONANTS = 'BCDFGHJKLMNPQRSTVWXYZ'
/** Three consonants are three letters of a code, each: no two numbers give the same. */
const consonants = (n: number): string =>
  [n, n / 21, n / 441].map((rest) => CONSONANTS[Math.floor(rest) % 21]).join('')

const fiscalCode = (): string => {
  const n = next()
  return makeFiscalCode({
    givenName: consonants(n),
    familyName: consonants(n / 9_261),
    birthDay: '1985-05-17',
    sex: 'F',
  })
}

/** A municipality with one school, one class, the canteen at € 5,40 with cutoff at 9:30, and the school year 2026/2027. */
export async function aMunicipality(options: { priceCents?: number } = {}): Promise<TestMunicipality> {
  const { owner } = await testDatabase()
  const n = next()
  const operator = await owner
    .insertInto('operator')
    .values({
      name: 'Tangram Cooperativa Sociale',
      vat_number: String(10_000_000_000 + Math.floor(Math.random() * 89_999_999_999)),
      fiscal_code: '01234567890',
      street: 'Via Roma 1',
      postcode: '37060',
      city: 'Mozzecane',
      province: 'VR',
      email: 'mensa@example.it',
      phone: '045 000000',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const slug = `comune-${letters(n, 4).toLowerCase()}${randomBytes(3).toString('hex').replace(/\d/g, 'x')}`
  const row = await owner
    .insertInto('municipality')
    .values({
      slug,
      name: 'Mozzecane',
      province: 'VR',
      region: 'Veneto',
      operator_id: operator.id,
      invoice_series: letters(n, 3),
      street: 'Via Caterina Bon Brenzoni 26',
      postcode: '37060',
      email: 'comune@example.it',
      pec: 'comune@pec.example.it',
      phone: '045 0000000',
      fiscal_code: '00354500233',
      opens_on: '2020-01-01',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const municipality_id = row.id
  const year = await owner
    .insertInto('school_year')
    .values({ municipality_id, name: '2026/2027', starts_on: '2026-09-01', ends_on: '2027-08-31' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const service = await owner
    .insertInto('service')
    .values({ municipality_id, code: 'refezione', name: 'Refezione Scolastica' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('meal_price')
    .values({
      municipality_id,
      service_id: service.id,
      valid_from: '2020-09-01',
      price_cents: options.priceCents ?? 540,
    })
    .execute()
  await owner
    .insertInto('diet')
    .values([
      { municipality_id, code: 'STD', name: 'Dieta comune' },
      { municipality_id, code: 'D03', name: 'Senza glutine' },
    ])
    .execute()
  const municipality = {
    municipalityId: municipality_id,
    slug,
    serviceId: service.id,
    schoolYearId: year.id,
    school: { id: '', classId: '' },
  }
  municipality.school = await aSchool(municipality)
  return municipality
}

export async function aSchool(
  municipality: Omit<TestMunicipality, 'school'>,
  name = `Scuola ${next()}`,
): Promise<School> {
  const { owner } = await testDatabase()
  const municipality_id = municipality.municipalityId
  const school = await owner
    .insertInto('school')
    .values({ municipality_id, name, kind: 'primaria', street: 'Via Scuole 1' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const schoolClass = await owner
    .insertInto('school_class')
    .values({ municipality_id, school_id: school.id, school_year_id: municipality.schoolYearId, name: '3A' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('service_schedule')
    .values({
      municipality_id,
      service_id: municipality.serviceId,
      school_id: school.id,
      school_year_id: municipality.schoolYearId,
      weekdays: [1, 2, 3, 4, 5],
      cutoff_time: '09:30',
      starts_on: '2026-09-14',
      ends_on: '2027-06-05',
    })
    .execute()
  return { id: school.id, classId: schoolClass.id }
}

export type Parent = { personId: string; citizenId: string; fiscalCode: string }

/** An adult of the municipality, known by the fiscal code. */
export async function aPerson(
  municipality: TestMunicipality,
  given: Partial<{ givenName: string; familyName: string; email: string }> = {},
): Promise<Parent> {
  const { owner } = await testDatabase()
  const code = fiscalCode()
  const hash = randomBytes(32)
  const names = { given_name: given.givenName ?? 'Laura', family_name: given.familyName ?? 'Conti' }
  const citizen = await owner
    .insertInto('citizen')
    .values({ ...names, fiscal_code_hash: hash, birth_date: '1985-05-17' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const person = await owner
    .insertInto('person')
    .values({
      ...names,
      municipality_id: municipality.municipalityId,
      fiscal_code: code,
      fiscal_code_hash: hash,
      email: given.email ?? 'laura@example.it',
      street: 'Via Verdi 3',
      postcode: '37060',
      city: 'Mozzecane',
      province: 'VR',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { personId: person.id, citizenId: citizen.id, fiscalCode: code }
}

export type Household = { householdId: string; accountId: string; holder: Parent; holderViewer: Viewer }

/** A household with its holder and its account at zero. */
export async function aHousehold(
  municipality: TestMunicipality,
  given: { name?: string; holder?: { givenName: string; familyName: string } } = {},
): Promise<Household> {
  const { owner } = await testDatabase()
  const municipality_id = municipality.municipalityId
  const household = await owner
    .insertInto('household')
    .values({ municipality_id, name: given.name ?? 'Conti' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const holder = await aPerson(municipality, given.holder)
  await aMember(municipality, household.id, holder, 'holder')
  const account = await owner
    .insertInto('account')
    .values({
      municipality_id,
      kind: 'household',
      service_id: municipality.serviceId,
      household_id: household.id,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return {
    householdId: household.id,
    accountId: account.id,
    holder,
    holderViewer: viewerOf(municipality, holder, {
      memberships: [{ householdId: household.id, role: 'holder' }],
    }),
  }
}

export async function aMember(
  municipality: TestMunicipality,
  householdId: string,
  person: Parent,
  role: 'holder' | 'delegate',
  validity: { from?: Day; to?: Day | null } = {},
): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .insertInto('household_member')
    .values({
      municipality_id: municipality.municipalityId,
      household_id: householdId,
      person_id: person.personId,
      role,
      valid_from: validity.from ?? '2026-09-01',
      valid_to: validity.to ?? null,
    })
    .execute()
}

/** A delegate of a household, as a viewer. */
export async function aDelegate(municipality: TestMunicipality, householdId: string): Promise<Viewer> {
  const person = await aPerson(municipality, { givenName: 'Marco' })
  await aMember(municipality, householdId, person, 'delegate')
  return viewerOf(municipality, person, { memberships: [{ householdId, role: 'delegate' }] })
}

type Place = { schoolId?: string; classId?: string; kitchenId?: string }

/** The place that a role with a part has, unless a test says another. */
const placeOf = ({ school }: TestMunicipality, role: StaffRole): Place => {
  if (role === 'teacher') return { schoolId: school.id, classId: school.classId }
  return role === 'school_office' || role === 'kitchen' ? { schoolId: school.id } : {}
}

/** A member of the office, as a viewer; a role with a part is for the municipality's own school and class unless said. */
export async function aStaffViewer(
  municipality: TestMunicipality,
  role: StaffRole,
  place: Place = placeOf(municipality, role),
): Promise<Viewer> {
  const person = await aPerson(municipality, { givenName: 'Ufficio' })
  await aStaffRole(municipality, person, role, place)
  return viewerOf(municipality, person, { staffRoles: [role] })
}

/** Gives a person a role in the office, since long before any test's day. */
export async function aStaffRole(
  municipality: TestMunicipality,
  person: Pick<Parent, 'personId'>,
  role: StaffRole,
  { schoolId, classId, kitchenId }: Place = placeOf(municipality, role),
): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .insertInto('staff_member')
    .values({
      municipality_id: municipality.municipalityId,
      person_id: person.personId,
      role,
      school_id: schoolId ?? null,
      school_class_id: classId ?? null,
      kitchen_id: kitchenId ?? null,
      valid_from: '2020-09-01',
    })
    .execute()
}

export const viewerOf = (
  municipality: TestMunicipality,
  person: Parent,
  roles: Partial<Pick<Viewer, 'memberships' | 'staffRoles'>>,
): Viewer => ({
  municipalityId: municipality.municipalityId,
  personId: person.personId,
  citizenId: person.citizenId,
  sessionId: randomUUID(),
  name: 'Laura Conti',
  memberships: roles.memberships ?? [],
  staffRoles: roles.staffRoles ?? [],
})

/** A pupil enrolled in the municipality's canteen for the whole year. */
export async function aPupil(
  municipality: TestMunicipality,
  householdId: string,
  given: { name?: string; school?: School; diet?: string; weekdays?: number[]; from?: Day; to?: Day } = {},
): Promise<string> {
  const { owner } = await testDatabase()
  const municipality_id = municipality.municipalityId
  const school = given.school ?? municipality.school
  const pupil = await owner
    .insertInto('pupil')
    .values({
      municipality_id,
      household_id: householdId,
      given_name: given.name ?? 'Greta',
      family_name: 'Albertini',
      fiscal_code: fiscalCode(),
      birth_date: '2018-03-02',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('enrolment')
    .values({
      municipality_id,
      pupil_id: pupil.id,
      service_id: municipality.serviceId,
      school_id: school.id,
      school_class_id: school.classId,
      school_year_id: municipality.schoolYearId,
      diet_code: given.diet ?? 'STD',
      weekdays: given.weekdays ?? null,
      valid_from: given.from ?? '2026-09-14',
      valid_to: given.to ?? '2027-06-05',
    })
    .execute()
  return pupil.id
}

/** A service day of a school (the municipality's own unless said), open, with the cutoff at 9:30 of the same day. */
export async function aServiceDay(
  municipality: TestMunicipality,
  day: Day,
  given: { school?: School; cutoffTime?: string; graceSeconds?: number } = {},
): Promise<string> {
  const { owner } = await testDatabase()
  const cutoff = cutoffOf(day, { cutoffTime: given.cutoffTime ?? '09:30', cutoffDaysBefore: 0 })
  const row = await owner
    .insertInto('service_day')
    .values({
      municipality_id: municipality.municipalityId,
      service_id: municipality.serviceId,
      school_id: (given.school ?? municipality.school).id,
      day,
      cutoff_at: cutoff,
      close_at: new Date(cutoff.getTime() + (given.graceSeconds ?? 3) * 1_000),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Marks a pupil absent as a parent would have: receipt, event, absence. */
export async function anAbsence(
  municipality: TestMunicipality,
  household: Household,
  pupilId: string,
  serviceDayId: string,
): Promise<void> {
  const { owner } = await testDatabase()
  const municipality_id = municipality.municipalityId
  const { day } = await owner
    .selectFrom('service_day')
    .select('day')
    .where('id', '=', serviceDayId)
    .executeTakeFirstOrThrow()
  const receipt = await owner
    .insertInto('absence_receipt')
    .values({
      municipality_id,
      number: `T${next()}${randomBytes(4).toString('hex').toUpperCase()}`,
      household_id: household.householdId,
      person_id: household.holder.personId,
      action: 'cancel',
      channel: 'web',
      idempotency_key: randomUUID(),
      request_hash: randomBytes(32),
      first_day: day,
      last_day: day,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const row = { municipality_id, receipt_id: receipt.id, service_day_id: serviceDayId, pupil_id: pupilId }
  await owner.insertInto('absence').values(row).execute()
  await owner
    .insertInto('absence_event')
    .values({ ...row, day, kind: 'cancelled' })
    .execute()
}

/** The two promises that every test of money may end with: each journal sums to zero, each balance is its entries. */
export async function ledgerFaults(): Promise<number> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ faults: number }>`
    select (select count(*) from (select 1 from entry group by municipality_id, journal_id having sum(amount_cents) <> 0) unbalanced)
      + (select count(*) from account a where a.balance_cents <> coalesce((select sum(e.amount_cents) from entry e
          where e.municipality_id = a.municipality_id and e.account_id = a.id), 0)) as faults`.execute(owner)
  return rows[0]?.faults ?? -1
}
