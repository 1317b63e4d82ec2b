import { sql } from 'kysely'
import { addDays, type Day } from '#lib/kernel/day.ts'
import type { Db, Trx } from '../client.ts'
import type { DemoYear } from './calendar.ts'
import type { DemoHousehold, DemoMunicipality } from './municipality.ts'

const NEXT_PRICE_CENTS = 560

/** Codes say nothing of what a family earns: they stand on its pages. */
const BANDS = [
  {
    code: 'A',
    name: 'ISEE fino a 6.000 euro',
    description: 'Con attestazione ISEE valida.',
    priceCents: 180,
  },
  {
    code: 'B',
    name: 'ISEE da 6.000 a 12.000 euro',
    description: 'Con attestazione ISEE valida.',
    priceCents: 320,
  },
  {
    code: 'ESENTE',
    name: 'Esenzione dei Servizi sociali',
    description: 'Su segnalazione dei Servizi sociali del Comune.',
    priceCents: 0,
  },
] as const

/** The bands of the municipality, and two families that have one since the school year began. */
export async function seedBands(
  trx: Trx,
  { municipalityId, serviceId }: DemoMunicipality,
  year: DemoYear,
  households: readonly DemoHousehold[],
): Promise<void> {
  const service = { municipality_id: municipalityId, service_id: serviceId }
  await trx
    .insertInto('fare_band')
    .values(BANDS.map(({ code, name, description }) => ({ ...service, code, name, description })))
    .execute()
  await trx
    .insertInto('fare_band_price')
    .values(
      BANDS.map(({ code, priceCents }) => ({
        ...service,
        code,
        valid_from: year.startsOn,
        price_cents: priceCents,
      })),
    )
    .execute()
  const given = { from: year.startsOn, to: year.endsOn, reason: 'Attestazione consegnata allo sportello' }
  await give(trx, service, households[12], { ...given, band: 'A' })
  await give(trx, service, households[17], {
    ...given,
    band: 'ESENTE',
    reason: 'Segnalazione dei Servizi sociali',
  })
}

type Given = { band: string; from: Day; to: Day; reason: string }

async function give(
  db: Db | Trx,
  service: { municipality_id: string; service_id: string },
  household: DemoHousehold | undefined,
  { band, from, to, reason }: Given,
): Promise<void> {
  const pupilId = household?.pupilIds[0]
  if (!pupilId) throw new Error('the demonstration has no such family')
  await db
    .insertInto('fare_assignment')
    .values({
      ...service,
      pupil_id: pupilId,
      band_code: band,
      valid_from: from,
      valid_to: to,
      given_by: await accountantOf(db, service.municipality_id),
      reason,
    })
    .execute()
}

const accountantOf = async (db: Db | Trx, municipalityId: string): Promise<string> =>
  (
    await db
      .selectFrom('staff_member')
      .select('person_id')
      .where('municipality_id', '=', municipalityId)
      .where('role', '=', 'accountant')
      .executeTakeFirstOrThrow()
  ).person_id

/** Changes that are decided and have not begun: a child's band from the first open day, and the price of the next school year. */
export async function seedComingPrices(
  owner: Db,
  { municipalityId, serviceId }: DemoMunicipality,
  year: DemoYear,
  diallo: DemoHousehold | undefined,
): Promise<void> {
  const service = { municipality_id: municipalityId, service_id: serviceId }
  await owner
    .insertInto('meal_price')
    .values({
      ...service,
      valid_from: addDays(year.endsOn, 1),
      price_cents: NEXT_PRICE_CENTS,
      decided_by: await accountantOf(owner, municipalityId),
      note: 'Delibera di Giunta sulle tariffe del prossimo anno',
    })
    .execute()
  // From the first day that no kitchen has counted: what is charged stays as it was.
  const { rows } = await sql<{ day: Day }>`
    select coalesce(max(day) + 1, app_today()) as day from service_day
    where municipality_id = ${municipalityId} and service_id = ${serviceId} and status = 'closed'`.execute(
    owner,
  )
  const from = rows[0]?.day ?? year.startsOn
  // On the last day of the year the first open day is in the next one, where the summer service goes on.
  const to = from > year.endsOn ? year.serviceTo : year.endsOn
  await give(owner, service, diallo, { band: 'B', from, to, reason: 'Domanda allo sportello' })
}
