import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { writeEnrolments } from '#lib/school/office/enrolment.commands.ts'
import { erasureFacts } from './erasure.queries.ts'
import { type AskedErasure, type ErasureFacts, keptBy } from './erasure.ts'
import { erasureInWords, KEEPER_NAMES, keeperOfTable } from './erasure.words.ts'

type Planned = { lines: string[]; seen: string; facts: ErasureFacts }

async function planned(trx: Trx, municipalityId: string, asked: AskedErasure): Promise<Result<Planned>> {
  const facts = await erasureFacts(trx, municipalityId, asked)
  if (!facts) return refused('request:not-found')
  const keepers = keptBy(facts.found)
  if (keepers.length > 0) return refused('erasures:kept', { what: keepers.map((one) => KEEPER_NAMES[one]) })
  const table = await erase(trx, municipalityId, asked, { onlyTries: true })
  if (table) return refused('erasures:kept', { what: [keeperOfTable(table)] })
  const lines = erasureInWords(asked, facts)
  return ok({ lines, facts, seen: fingerprintOf({ asked, facts }) })
}

/** @returns the table of a row that keeps one of them; null when it is done, or could be */
async function erase(
  trx: Trx,
  municipalityId: string,
  { householdId, pupilId }: AskedErasure,
  { onlyTries }: { onlyTries: boolean },
): Promise<string | null> {
  if (onlyTries) await sql`savepoint erasure`.execute(trx)
  for (const { pupil, service, drop } of await enrolmentsOf(trx, municipalityId, { householdId, pupilId })) {
    const diner = { municipalityId, pupilId: pupil, serviceId: service }
    await writeEnrolments(trx, diner, { end: [], drop, rediet: [], enrol: [] })
  }
  const { rows } = await sql<{ table: string | null }>`
    select erase_mistake(${municipalityId}::uuid, ${householdId}::uuid, ${pupilId}::uuid) as "table"`.execute(
    trx,
  )
  if (onlyTries) await sql`rollback to savepoint erasure`.execute(trx)
  return rows[0]?.table ?? null
}

async function enrolmentsOf(trx: Trx, municipalityId: string, { householdId, pupilId }: AskedErasure) {
  const { rows } = await sql<{ pupil: string; service: string; drop: string[] }>`
    select p.id as pupil, e.service_id as service, array_agg(e.id) as "drop" from pupil p
    join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = p.id
    where p.municipality_id = ${municipalityId} and p.household_id = ${householdId}::uuid
      and (${pupilId}::uuid is null or p.id = ${pupilId}::uuid)
    group by 1, 2 order by 1, 2`.execute(trx)
  return rows
}

/** What erasing would take out, in words, or what keeps it there. It is tried and taken back: the answer is that of the act itself. */
export async function previewErasure(
  viewer: Viewer,
  asked: AskedErasure,
): Promise<Result<{ lines: string[]; seen: string }>> {
  if (!allowedToStaff(viewer, 'registry:erase')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const made = await planned(trx, viewer.municipalityId, asked)
    return made.ok ? ok({ lines: made.value.lines, seen: made.value.seen }) : made
  })
}

/**
 * Takes a household or a pupil that was entered by mistake out of the registry, exactly as it was previewed and for good. The register
 * keeps who did it, when and why, and no datum of those who went.
 */
export async function eraseMistake(
  viewer: Viewer,
  asked: AskedErasure,
  { seen, reason }: { seen: string; reason: string },
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'registry:erase')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx): Promise<Result<null>> => {
    await sql`select from household where municipality_id = ${municipalityId} and id = ${asked.householdId}::uuid for update`.execute(
      trx,
    )
    const made = await planned(trx, municipalityId, asked)
    if (!made.ok) return made
    if (made.value.seen !== seen) return refused('erasures:preview-changed')
    // It was tried under these locks a moment ago: what keeps it now is a defect, and nothing of it may stay.
    const table = await erase(trx, municipalityId, asked, { onlyTries: false })
    if (table) throw new Error(`erasure: a row of ${table} keeps what could be erased`)
    const { pupils, people } = made.value.facts
    await recordAudit(trx, viewer, {
      ...{ action: 'registry:erased', objectType: 'household', objectId: asked.householdId },
      details: {
        ...{ isWhole: asked.pupilId === null, pupils: pupils.length, people: people.length, reason },
        ...(asked.pupilId ? { pupil: asked.pupilId } : {}),
      },
    })
    return ok(null)
  })
}
