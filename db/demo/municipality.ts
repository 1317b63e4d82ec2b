import { sql } from 'kysely'
import type { Day, Weekday } from '#lib/kernel/day.ts'
import type { Trx } from '../client.ts'
import { makeTown } from '../town/make-town.ts'
import { DEMO_PATRON, type DemoYear, demoClosures } from './calendar.ts'
import { DEMO_DIETS, DEMO_SCHOOLS, type DemoAdult, type DemoFamily, type SchoolKey } from './families.ts'
import { demoPeople } from './people.ts'

export const DEMO_SLUG = 'mozzecane'
export const DEMO_PRICE_CENTS = 540

export type DemoMunicipality = {
  municipalityId: string
  serviceId: string
  schoolYearId: string
  schools: Record<SchoolKey, { id: string; classes: Record<string, string> }>
}

export type DemoHousehold = {
  family: DemoFamily
  householdId: string
  holderId: string
  accountId: string
  pupilIds: string[]
}

/** Turns a fiscal code into the hash that links a sign-in to a person; the key is the environment's. */
export type Hash = (fiscalCode: string) => Buffer

/** Municipality, operator, schools, service, prices, calendar and service days, as `npm run town:create` makes them. */
export async function seedMunicipality(trx: Trx, year: DemoYear): Promise<DemoMunicipality> {
  const kinds = Object.keys(DEMO_SCHOOLS) as SchoolKey[]
  const made = await makeTown(trx, {
    municipality: {
      slug: DEMO_SLUG,
      name: 'Mozzecane',
      province: 'VR',
      region: 'Veneto',
      invoiceSeries: 'MZC',
      street: 'Via Caterina Bon Brenzoni 26',
      postcode: '37060',
      email: 'scuola@comune.mozzecane.example.it',
      pec: 'comune.mozzecane@pec.example.it',
      phone: '045 555 0100',
      fiscalCode: '00354500233',
      patron: DEMO_PATRON,
      opensOn: year.startsOn,
    },
    operator: {
      name: 'Tangram Cooperativa Sociale',
      vatNumber: '02345670232',
      fiscalCode: '02345670232',
      street: 'Via dell’Artigianato 15',
      postcode: '37069',
      city: 'Villafranca di Verona',
      province: 'VR',
      email: 'mensa@tangram.example.it',
      phone: '045 555 0101',
    },
    year,
    closures: demoClosures(year),
    services: [
      {
        code: 'refezione',
        name: 'Refezione Scolastica',
        priceCents: DEMO_PRICE_CENTS,
        weekdays: [1, 2, 3, 4, 5],
        cutoffTime: '09:30',
        cutoffDaysBefore: 0,
      },
    ],
    schools: kinds.map((kind) => {
      const { name, street, weekdays, classes } = DEMO_SCHOOLS[kind]
      return { name, kind, street, mechanographicCode: null, classes, weekdays: weekdays as Weekday[] }
    }),
    kitchens: [
      {
        name: 'Centro cottura di Villafranca',
        emails: ['cucina@tangram.example.it'],
        phone: '045 555 0102',
        schools: kinds.map((kind) => DEMO_SCHOOLS[kind].name),
        people: [],
      },
    ],
    diets: DEMO_DIETS.map((diet) => ({ ...diet })),
  })
  return {
    municipalityId: made.municipalityId,
    serviceId: made.services.refezione as string,
    schoolYearId: made.yearId,
    schools: Object.fromEntries(
      kinds.map((kind, n) => [kind, made.schools[n]]),
    ) as DemoMunicipality['schools'],
  }
}

/** One family with its people, account, pupils and enrolments for the year. */
export async function seedFamily(
  trx: Trx,
  municipality: DemoMunicipality,
  year: DemoYear,
  family: DemoFamily,
  hash: Hash,
): Promise<DemoHousehold> {
  const municipality_id = municipality.municipalityId
  const { id: householdId } = await trx
    .insertInto('household')
    .values({ municipality_id, name: family.name })
    .returning('id')
    .executeTakeFirstOrThrow()
  const holderId = await seedPerson(trx, municipality_id, family.holder, hash)
  const members: { person_id: string; role: 'holder' | 'delegate' }[] = [
    { person_id: holderId, role: 'holder' },
  ]
  if (family.delegate) {
    members.push({
      person_id: await seedPerson(trx, municipality_id, family.delegate, hash),
      role: 'delegate',
    })
  }
  await trx
    .insertInto('household_member')
    .values(
      members.map((member) => ({
        municipality_id,
        household_id: householdId,
        valid_from: year.startsOn,
        ...member,
      })),
    )
    .execute()
  const { id: accountId } = await trx
    .insertInto('account')
    .values({
      municipality_id,
      kind: 'household',
      service_id: municipality.serviceId,
      household_id: householdId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const pupilIds: string[] = []
  for (const child of family.children) {
    const { id: pupilId } = await trx
      .insertInto('pupil')
      .values({
        municipality_id,
        household_id: householdId,
        given_name: child.givenName,
        family_name: child.familyName,
        fiscal_code: child.fiscalCode,
        birth_date: child.birthDay,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const school = municipality.schools[child.school]
    await trx
      .insertInto('enrolment')
      .values({
        municipality_id,
        pupil_id: pupilId,
        service_id: municipality.serviceId,
        school_id: school.id,
        school_class_id: school.classes[child.className] as string,
        school_year_id: municipality.schoolYearId,
        diet_code: child.dietCode,
        valid_from: year.serviceFrom,
        valid_to: year.serviceTo,
      })
      .execute()
    pupilIds.push(pupilId)
  }
  return { family, householdId, holderId, accountId, pupilIds }
}

const seedPerson = (trx: Trx, municipality_id: string, adult: DemoAdult, hash: Hash): Promise<string> =>
  trx
    .insertInto('person')
    .values({
      municipality_id,
      fiscal_code: adult.fiscalCode,
      fiscal_code_hash: hash(adult.fiscalCode),
      given_name: adult.givenName,
      family_name: adult.familyName,
      email: adult.email,
      phone: adult.phone ?? null,
      phone_verified_at: adult.phone ? sql<Date>`app_now() - interval '20 days'` : null,
      street: adult.street,
      postcode: '37060',
      city: 'Mozzecane',
      province: 'VR',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
    .then(({ id }) => id)

/** A day before all that the demonstration tells: what the office did then was theirs to do. */
const STAFF_SINCE = '2020-09-01'

/** The cooperative's people, those of the municipality and of the school, and a cook. */
export async function seedStaff(trx: Trx, municipality: DemoMunicipality, hash: Hash): Promise<void> {
  const { id: school_id, classes } = municipality.schools.infanzia
  const [school_class_id] = Object.values(classes)
  const { id: kitchen_id } = await trx
    .selectFrom('kitchen')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .executeTakeFirstOrThrow()
  const valid_to = sql<Day>`(select y.ends_on from school_class c
    join school_year y on y.municipality_id = ${municipality.municipalityId} and y.id = c.school_year_id
    where c.municipality_id = ${municipality.municipalityId} and c.id = ${school_class_id ?? null}::uuid)`
  const roles = [
    ...(['operator', 'accountant', 'manager', 'editor', 'reader'] as const).map((role) => ({
      part: role,
      role,
    })),
    { part: 'cook', role: 'kitchen', kitchen_id },
    { part: 'schoolOffice', role: 'school_office', school_id },
    { part: 'teacher', role: 'teacher', school_id, school_class_id, valid_to },
  ] as const
  for (const { part, ...role } of roles) {
    const personId = await seedPerson(
      trx,
      municipality.municipalityId,
      { ...demoPeople[part], street: 'Via dell’Artigianato 15' },
      hash,
    )
    await trx
      .insertInto('staff_member')
      .values({
        municipality_id: municipality.municipalityId,
        person_id: personId,
        valid_from: STAFF_SINCE,
        ...role,
      })
      .execute()
  }
}
