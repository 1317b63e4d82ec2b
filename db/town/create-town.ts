import { sql } from 'kysely'
import { townFacts } from '#lib/school/office/readiness.queries.ts'
import { stepsOf, type TownFacts, type TownStep } from '#lib/school/office/readiness.ts'
import type { Db, Trx } from '../client.ts'
import { makeTown, type TownPlan } from './make-town.ts'
import type { FirstManager } from './town-file.ts'

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
  manager: FirstManager,
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
    await nameManager(trx, municipalityId, manager, hash(manager.fiscalCode))
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

async function nameManager(
  trx: Trx,
  municipality_id: string,
  { givenName, familyName, fiscalCode, email }: FirstManager,
  fiscal_code_hash: Buffer,
): Promise<void> {
  const { id } = await trx
    .insertInto('person')
    .values({
      municipality_id,
      fiscal_code: fiscalCode,
      fiscal_code_hash,
      given_name: givenName,
      family_name: familyName,
      email,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('staff_member')
    .values({ municipality_id, person_id: id, role: 'manager', valid_from: sql<string>`app_today()` })
    .execute()
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
