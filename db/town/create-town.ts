import { sql } from 'kysely'
import { townFacts } from '#lib/school/office/readiness.queries.ts'
import { stepsOf, type TownFacts, type TownStep } from '#lib/school/office/readiness.ts'
import type { Db, Trx } from '../client.ts'
import { makeTown, type NamedPerson, type TownPlan } from './make-town.ts'

/** What of a file is not in the municipality as it is; the file is only read once, at the beginning. */
export type NotThere = { what: 'school' | 'service' | 'manager'; name: string }

export type TownReport = {
  /** False: it was there already, and nothing was changed. */
  isNew: boolean
  slug: string
  facts: TownFacts
  steps: TownStep[]
  classes: number
  notThere: NotThere[]
}

/** A plan that contradicts what the database has. The message is for the person, in Italian. */
export class TownRefused extends Error {
  constructor(words: string) {
    super(words)
    this.name = 'TownRefused'
  }
}

/** Who gets a role with the municipality; of a cook `kitchen` is the name of the kitchen. */
type NamedRole =
  | { person: NamedPerson; role: 'manager' }
  | { person: NamedPerson; role: 'kitchen'; kitchen: string }

const cooksOf = ({ kitchens }: TownPlan): NamedRole[] =>
  kitchens.flatMap(({ name, people }) =>
    people.map((person) => ({ person, role: 'kitchen' as const, kitchen: name })),
  )

/** Turns a fiscal code into the hash that links a sign-in to a person; the key is the environment's. */
type Hash = (fiscalCode: string) => Buffer

/**
 * Makes a municipality with its first manager, whole or not at all. One with that slug is left as it is.
 * @param owner connection of the role that owns the schema
 * @throws TownRefused when another municipality has the series of its invoices
 */
export const createTown = (
  owner: Db,
  plan: TownPlan,
  manager: NamedPerson,
  hash: Hash,
): Promise<TownReport> =>
  owner.transaction().execute(async (trx) => {
    // Two runs at the same time: the second waits, and finds what the first one made.
    await sql`lock table municipality in share row exclusive mode`.execute(trx)
    const known = await trx
      .selectFrom('municipality')
      .select('id')
      .where('slug', '=', plan.municipality.slug)
      .executeTakeFirst()
    if (known) return reportOf(trx, known.id, plan, { isNew: false, hash: hash(manager.fiscalCode) })
    await refuseTakenSeries(trx, plan)
    const { municipalityId } = await makeTown(trx, plan)
    await nameStaff(trx, municipalityId, [{ person: manager, role: 'manager' }, ...cooksOf(plan)], hash)
    return reportOf(trx, municipalityId, plan, { isNew: true, hash: hash(manager.fiscalCode) })
  })

async function refuseTakenSeries(trx: Trx, { municipality }: TownPlan): Promise<void> {
  const other = await trx
    .selectFrom('municipality')
    .select('name')
    .where('invoice_series', '=', municipality.invoiceSeries)
    .executeTakeFirst()
  if (other)
    throw new TownRefused(
      `La serie delle fatture ${municipality.invoiceSeries} è già di ${other.name}: scegline un’altra.`,
    )
}

/** One person may have more than one role: they are written down once. */
async function nameStaff(
  trx: Trx,
  municipality_id: string,
  roles: readonly NamedRole[],
  hash: Hash,
): Promise<void> {
  const known = new Map<string, string>()
  for (const given of roles) {
    const { person, role } = given
    const person_id = known.get(person.fiscalCode) ?? (await insertPerson(trx, municipality_id, person, hash))
    known.set(person.fiscalCode, person_id)
    const kitchen =
      given.role === 'kitchen'
        ? await trx
            .selectFrom('kitchen')
            .select('id')
            .where('municipality_id', '=', municipality_id)
            .where('name', '=', given.kitchen)
            .executeTakeFirstOrThrow()
        : null
    await trx
      .insertInto('staff_member')
      .values({
        ...{ municipality_id, person_id, role, kitchen_id: kitchen?.id ?? null },
        valid_from: sql<string>`app_today()`,
      })
      .execute()
  }
}

async function insertPerson(
  trx: Trx,
  municipality_id: string,
  { givenName, familyName, fiscalCode, email }: NamedPerson,
  hash: Hash,
): Promise<string> {
  const { id } = await trx
    .insertInto('person')
    .values({
      municipality_id,
      fiscal_code: fiscalCode,
      fiscal_code_hash: hash(fiscalCode),
      given_name: givenName,
      family_name: familyName,
      email,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function reportOf(
  trx: Trx,
  municipalityId: string,
  plan: TownPlan,
  { isNew, hash }: { isNew: boolean; hash: Buffer },
): Promise<TownReport> {
  const facts = await townFacts(trx, municipalityId)
  const { rows } = await sql<{ schools: string[]; services: string[]; classes: number; isManager: boolean }>`
    select array(select name from school where municipality_id = ${municipalityId}) as schools,
      array(select code from service where municipality_id = ${municipalityId}) as services,
      (select count(*)::int from school_class where municipality_id = ${municipalityId}) as classes,
      exists (select from person_code k join active_staff_member a on a.municipality_id = ${municipalityId} and a.person_id = k.person_id
        where k.municipality_id = ${municipalityId} and k.fiscal_code_hash = ${hash} and a.role = 'manager') as "isManager"`.execute(
    trx,
  )
  const there = rows[0] as (typeof rows)[number]
  return {
    isNew,
    slug: plan.municipality.slug,
    facts,
    steps: stepsOf(facts),
    classes: there.classes,
    notThere: [
      ...named('school', plan.schools, ({ name }) => !there.schools.includes(name)),
      ...named('service', plan.services, ({ code }) => !there.services.includes(code)),
      ...(there.isManager ? [] : [{ what: 'manager', name: 'il responsabile' } as const]),
    ],
  }
}

const named = <T extends { name: string }>(
  what: NotThere['what'],
  items: readonly T[],
  isMissing: (item: T) => boolean,
): NotThere[] => items.filter(isMissing).map(({ name }) => ({ what, name }))
