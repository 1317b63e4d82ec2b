import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { type HatchDiet, type HatchPupil, type HatchSheet, hatchClasses } from './hatch.ts'
import { settingIn } from './office/kitchen-setting.queries.ts'

/** The schools with meals on a day, for the choice of a sheet; `day` null: today. Null for who may not read who has which diet. */
export async function hatchSchools(
  viewer: Viewer,
  day: Day | null,
): Promise<{ today: Day; day: Day; schools: { id: string; name: string }[] } | null> {
  if (!allowedToStaff(viewer, 'hatch:read')) return null
  return asStaff(viewer, async (trx) => {
    const { today } = await readClock(trx)
    const asked = day ?? today
    const { rows } = await sql<{ id: string; name: string }>`
      select distinct d.school_id as id, d.name from count_days(${asked}::date) d where d.is_cooked and d.status <> 'suspended' order by d.name`.execute(
      trx,
    )
    return { today, day: asked, schools: rows }
  })
}

type Asked = { schoolId: string; day: Day }

/**
 * Who has which diet in a school, for those who serve: of today or a day to come. The reading is written down.
 * @returns null for who may not read it, and where the school has no meals on that day
 */
export async function hatchSheet(
  viewer: Viewer,
  asked: Asked,
): Promise<(HatchSheet & { namesOnLabels: boolean }) | null> {
  if (!allowedToStaff(viewer, 'hatch:read')) return null
  return asStaff(viewer, async (trx) => {
    const { now, today } = await readClock(trx)
    if (asked.day < today) return null
    const head = await headOf(trx, viewer.municipalityId, asked)
    if (!head) return null
    const lines = await linesOf(trx, asked)
    const pupils = await pupilsOf(trx, asked)
    await recordAudit(trx, viewer, {
      action: 'diets.hatch-read',
      objectType: 'school',
      objectId: asked.schoolId,
      details: { school: head.schoolName, day: asked.day, pupils: pupils.length },
    })
    const diets = await dietsOf(trx, viewer.municipalityId, [
      ...new Set(pupils.map(({ dietCode }) => dietCode)),
    ])
    const { namesOnLabels } = await settingIn(trx, viewer.municipalityId)
    return {
      ...head,
      day: asked.day,
      readAt: now,
      classes: hatchClasses(lines, pupils),
      diets,
      namesOnLabels,
    }
  })
}

type Head = Pick<HatchSheet, 'schoolName' | 'municipality' | 'isProvisional'>

async function headOf(trx: Trx, municipalityId: string, { schoolId, day }: Asked): Promise<Head | null> {
  const { rows } = await sql<Head>`
    select d.name as "schoolName", m.name as municipality, bool_or(d.status = 'open') as "isProvisional"
    from count_days(${day}::date) d join municipality m on m.id = ${municipalityId}
    where d.school_id = ${schoolId}::uuid and d.is_cooked and d.status <> 'suspended' group by d.name, m.name`.execute(
    trx,
  )
  return rows[0] ?? null
}

async function linesOf(trx: Trx, { schoolId, day }: Asked) {
  const { rows } = await sql<{ serviceName: string; className: string; dietCode: string; meals: number }>`
    select d.service_name as "serviceName", l.class_name as "className", l.diet_code as "dietCode", l.meals
    from count_lines(${day}::date) l
    join count_days(${day}::date) d on d.school_id = l.school_id and d.service_id = l.service_id and d.is_cooked
    where l.school_id = ${schoolId}::uuid`.execute(trx)
  return rows
}

async function pupilsOf(trx: Trx, { schoolId, day }: Asked): Promise<HatchPupil[]> {
  const { rows } = await sql<HatchPupil>`
    select service_name as "serviceName", class_name as "className", pupil_id as "pupilId", given_name as "givenName",
      family_name as "familyName", diet_code as "dietCode", severe, asked
    from hatch_lines(${schoolId}::uuid, ${day}::date)`.execute(trx)
  return rows
}

async function dietsOf(trx: Trx, municipalityId: string, codes: readonly string[]): Promise<HatchDiet[]> {
  const { rows } = await sql<HatchDiet>`
    select d.code, d.name, d.legend from diet d
    where d.municipality_id = ${municipalityId} and d.code = any(${[...codes]}::text[]) and d.code <> 'STD' order by d.code`.execute(
    trx,
  )
  return rows
}
