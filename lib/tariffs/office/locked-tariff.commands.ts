import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { type Result, refused } from '#lib/kernel/result.ts'

/** A service whose tariffs are being decided: how often they changed, and who changed them last. */
export type LockedTariff = {
  id: string
  code: string
  revision: number
  today: Day
  changedBy: string | null
}

/**
 * One transaction of the office on the tariffs of a service, which stay locked: a simultaneous decision waits.
 * A decision that is made counts as a change.
 * @param lock false for a preview, which decides nothing
 */
export const onTariffs = <T>(
  viewer: Viewer,
  serviceId: string,
  { lock }: { lock: boolean },
  work: (trx: Trx, service: LockedTariff) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'tariffs:manage',
    { table: 'service', id: serviceId, lock: lock ? 'values' : 'none' },
    async (trx) => {
      const { rows } = await sql<LockedTariff>`
        select s.id, s.code, s.tariff_revision as revision, app_today() as today,
          (select p.full_name from person p
            where p.municipality_id = ${viewer.municipalityId} and p.id = s.tariff_changed_by) as "changedBy"
        from service s where s.municipality_id = ${viewer.municipalityId} and s.id = ${serviceId}::uuid and s.active`.execute(
        trx,
      )
      return rows[0] ?? null
    },
    work,
  )

/** Counts a change of a service's tariffs, so that pages opened before it are told. */
export const countChange = (trx: Trx, viewer: Viewer, service: LockedTariff) =>
  trx
    .updateTable('service')
    .set({ tariff_revision: service.revision + 1, tariff_changed_by: viewer.personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', service.id)
    .execute()

/** The refusal of a decision on tariffs that another person changed. */
export const tariffsChanged = (service: LockedTariff) =>
  refused('tariffs:changed-meanwhile', { who: service.changedBy })
