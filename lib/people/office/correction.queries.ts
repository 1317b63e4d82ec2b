import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { Corrected, Registered } from './correction.ts'

/** What is registered of a subject, with the codes of before that still open. */
export type CorrectedNow = {
  now: Registered
  earlierCodes: string[]
  /** Works in the office today. */
  isStaff: boolean
  today: Day
}

/** Reads what is registered of an adult or a pupil of a household, under lock when it is to be changed. */
export async function readSubject(
  trx: Trx,
  municipalityId: string,
  { kind, id, householdId }: Corrected,
  { lock }: { lock: boolean },
): Promise<CorrectedNow | null> {
  const forUpdate = lock ? sql`for no key update of s` : sql``
  const belongs =
    kind === 'pupil'
      ? sql`s.household_id = ${householdId}::uuid`
      : sql`exists (select from household_member m where m.municipality_id = ${municipalityId}
          and m.household_id = ${householdId}::uuid and m.person_id = s.id)`
  const { rows } = await sql<Registered & { today: Day }>`
    select s.given_name as "givenName", s.family_name as "familyName", s.fiscal_code as "fiscalCode",
      s.birth_date as "birthDay", app_today() as today
    from ${sql.table(kind === 'pupil' ? 'pupil' : 'person')} s
    where s.municipality_id = ${municipalityId} and s.id = ${id}::uuid and ${belongs} ${forUpdate}`.execute(
    trx,
  )
  const found = rows[0]
  if (!found) return null
  const { today, ...now } = found
  const adult = kind === 'adult' ? await readAdult(trx, municipalityId, id) : null
  return { now, today, earlierCodes: adult?.earlierCodes ?? [], isStaff: adult?.isStaff ?? false }
}

async function readAdult(trx: Trx, municipalityId: string, id: string) {
  const { rows } = await sql<{ earlierCodes: string[]; isStaff: boolean }>`
    select coalesce((select array_agg(k.fiscal_code order by k.since, k.fiscal_code) from person_code k
        where k.municipality_id = ${municipalityId} and k.person_id = p.id
          and k.fiscal_code_hash <> p.fiscal_code_hash), '{}') as "earlierCodes",
      exists (select from active_staff_member r
        where r.municipality_id = ${municipalityId} and r.person_id = p.id) as "isStaff"
    from person p where p.municipality_id = ${municipalityId} and p.id = ${id}::uuid`.execute(trx)
  return rows[0]
}

/** The name of another person or pupil of the municipality who has a code, also as an earlier one; null when it is free. */
export async function ownerOfCode(
  trx: Trx,
  municipalityId: string,
  code: { text: string; hash: Buffer },
  exceptId: string,
): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    select p.full_name as name from person_code k
    join person p on p.municipality_id = ${municipalityId} and p.id = k.person_id
    where k.municipality_id = ${municipalityId} and k.fiscal_code_hash = ${code.hash} and k.person_id <> ${exceptId}::uuid
    union all
    select c.full_name from pupil c
    where c.municipality_id = ${municipalityId} and c.fiscal_code = ${code.text} and c.id <> ${exceptId}::uuid
    limit 1`.execute(trx)
  return rows[0]?.name ?? null
}

/** Other pupils of the municipality with this name and birth day, each with the family in words. */
export async function pupilsLike(
  trx: Trx,
  municipalityId: string,
  { givenName, familyName, birthDay }: Registered,
  exceptId: string,
): Promise<string[]> {
  const { rows } = await sql<{ name: string; family: string }>`
    select c.full_name as name, h.name as family from pupil c
    join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
    where c.municipality_id = ${municipalityId} and c.id <> ${exceptId}::uuid and c.birth_date = ${birthDay}::date
      and c.search_key = search_key(${givenName}::text || ${familyName}::text)
    order by h.name, c.id`.execute(trx)
  return rows.map(({ name, family }) => `${name} della famiglia ${family}`)
}

/** Who corrected a subject last. */
export async function lastCorrector(
  trx: Trx,
  municipalityId: string,
  { id }: Corrected,
): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    select p.full_name as name from audit_event e
    join person p on p.municipality_id = ${municipalityId} and p.id = e.person_id
    where e.municipality_id = ${municipalityId} and e.action = 'registry:corrected' and e.object_id = ${id}
    order by e.occurred_at desc limit 1`.execute(trx)
  return rows[0]?.name ?? null
}

/** The data of an adult or of a pupil, for the form that corrects them; the reading is written down. Null where there is none, or none to see. */
export async function subjectForOffice(viewer: Viewer, subject: Corrected): Promise<CorrectedNow | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  if (!isUuid(subject.id) || !isUuid(subject.householdId)) return null
  return asStaff(viewer, async (trx) => {
    const found = await readSubject(trx, viewer.municipalityId, subject, { lock: false })
    if (!found) return null
    await recordAudit(trx, viewer, {
      action: 'household.read',
      objectType: 'household',
      objectId: subject.householdId,
    })
    return found
  })
}
