import { sql } from 'kysely'
import { addDays } from '#lib/day.ts'
import type { Db } from '../client.ts'
import type { DemoYear } from './calendar.ts'
import type { DemoHousehold, DemoTown } from './town.ts'

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

/** The bands of the town, three children that have one, and the price already decided for the next school year. */
export async function layTariffs(
  owner: Db,
  { municipalityId, serviceId }: DemoTown,
  year: DemoYear,
  households: readonly DemoHousehold[],
): Promise<void> {
  const service = { municipality_id: municipalityId, service_id: serviceId }
  const { person_id: accountant } = await owner
    .selectFrom('staff_member')
    .select('person_id')
    .where('municipality_id', '=', municipalityId)
    .where('role', '=', 'accountant')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('fare_band')
    .values(BANDS.map(({ code, name, description }) => ({ ...service, code, name, description })))
    .execute()
  await owner
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
  await owner
    .insertInto('meal_price')
    .values({
      ...service,
      valid_from: addDays(year.endsOn, 1),
      price_cents: NEXT_PRICE_CENTS,
      decided_by: accountant,
      note: 'Delibera di Giunta sulle tariffe del prossimo anno',
    })
    .execute()
  // From the first day that no kitchen has counted: what is charged stays as it was.
  const { rows } = await sql<{ day: string }>`
    select coalesce(max(day) + 1, app_today()) as day from service_day
    where municipality_id = ${municipalityId} and service_id = ${serviceId} and status = 'closed'`.execute(
    owner,
  )
  const from = rows[0]?.day ?? year.startsOn
  const given = [
    { household: households[1], band: 'B' },
    { household: households[12], band: 'A' },
    { household: households[17], band: 'ESENTE' },
  ]
  await owner
    .insertInto('fare_assignment')
    .values(
      given.flatMap(({ household, band }) =>
        household?.pupilIds[0]
          ? [
              {
                ...service,
                pupil_id: household.pupilIds[0],
                band_code: band,
                valid_from: from,
                valid_to: year.endsOn,
                given_by: accountant,
                reason: 'Attestazione consegnata allo sportello',
              },
            ]
          : [],
      ),
    )
    .execute()
}
