import 'server-only'
import { type Insertable, sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { FareAssignment } from '#db/schema.ts'
import type { FarePlan } from './fare-assignment.ts'

type FareOwner = Omit<Insertable<FareAssignment>, 'band_code' | 'valid_from' | 'valid_to'>

/**
 * Writes a plan about a pupil's band, in the caller's transaction, with what it was made from still under lock.
 * @param owner whose band it is, who decides and why
 * @returns the id of the new assignment; null when the plan gives none
 */
export const applyFare = async (trx: Trx, plan: FarePlan, owner: FareOwner): Promise<string | null> =>
  (await applyFares(trx, owner.municipality_id, [{ plan, owner }]))[0] ?? null

/** Writes plans about many pupils, each with its owner. @returns the ids of the new assignments, null where a plan gives none */
export async function applyFares(
  trx: Trx,
  municipalityId: string,
  fares: readonly { plan: FarePlan; owner: FareOwner }[],
): Promise<(string | null)[]> {
  await endFares(trx, municipalityId, fares)
  const dropped = fares.flatMap(({ plan }) => plan.dropFares)
  if (dropped.length > 0)
    await sql`delete from fare_assignment f
      where f.municipality_id = ${municipalityId} and f.id = any(${dropped}::uuid[])`.execute(trx)
  const given = fares.flatMap(({ plan: { fare }, owner }) =>
    fare ? [{ ...owner, band_code: fare.bandCode, valid_from: fare.from, valid_to: fare.to }] : [],
  )
  if (given.length === 0) return fares.map(() => null)
  const rows = await trx
    .insertInto('fare_assignment')
    .values(given)
    .returning(['id', 'pupil_id', 'service_id', 'valid_from'])
    .execute()
  const idOf = new Map(rows.map((row) => [`${row.pupil_id} ${row.service_id} ${row.valid_from}`, row.id]))
  return fares.map(({ plan: { fare }, owner }) =>
    fare ? (idOf.get(`${owner.pupil_id} ${owner.service_id} ${fare.from}`) ?? null) : null,
  )
}

async function endFares(
  trx: Trx,
  municipalityId: string,
  fares: readonly { plan: FarePlan; owner: FareOwner }[],
): Promise<void> {
  const ended = fares.flatMap(({ plan, owner }) =>
    plan.endFares.map(({ id, to }) => ({ id, to, by: owner.given_by, reason: owner.reason ?? '' })),
  )
  if (ended.length === 0) return
  await sql`
    update fare_assignment f set valid_to = n."to", ended_by = n.by, ended_at = app_now(), end_reason = n.reason
    from jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) as n(id uuid, "to" date, by uuid, reason text)
    where f.municipality_id = ${municipalityId} and f.id = n.id`.execute(trx)
}

/** A pupil with all the rows of its bands as they were. */
export type FaresBefore = { id: string; fares: unknown }

/** Puts the bands of pupils back as they were: what was added goes, what was dropped comes again, what was ended goes on. */
export async function putFaresBack(
  trx: Trx,
  municipalityId: string,
  pupils: readonly FaresBefore[],
): Promise<void> {
  const before = sql`jsonb_to_recordset(${JSON.stringify(pupils)}::jsonb) as n(id uuid, fares jsonb)`
  await sql`delete from fare_assignment f using ${before} where f.municipality_id = ${municipalityId} and f.pupil_id = n.id
    and not exists (select from jsonb_populate_recordset(null::fare_assignment, n.fares) b where b.id = f.id)`.execute(
    trx,
  )
  await sql`
    update fare_assignment f set valid_to = b.valid_to, ended_by = b.ended_by, ended_at = b.ended_at, end_reason = b.end_reason
    from ${before}, jsonb_populate_recordset(null::fare_assignment, n.fares) b
    where f.municipality_id = ${municipalityId} and f.pupil_id = n.id and f.id = b.id and f.valid_to <> b.valid_to`.execute(
    trx,
  )
  await sql`
    insert into fare_assignment (municipality_id, id, pupil_id, service_id, band_code, valid_from, valid_to, submission_id, given_by,
      given_at, reason, ended_by, ended_at, end_reason)
    select ${municipalityId}::uuid, b.id, n.id, b.service_id, b.band_code, b.valid_from, b.valid_to, b.submission_id, b.given_by,
      b.given_at, b.reason, b.ended_by, b.ended_at, b.end_reason
    from ${before}, jsonb_populate_recordset(null::fare_assignment, n.fares) b
    where not exists (select from fare_assignment f where f.municipality_id = ${municipalityId} and f.id = b.id)`.execute(
    trx,
  )
}
