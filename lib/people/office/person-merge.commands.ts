import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { ADULT_MERGE_NOTICES } from './person-merge.notice.ts'
import { adultFacts, standingAdultMerge } from './person-merge.queries.ts'
import { type AdultChoice, type AdultMergePlan, type AdultSide, planAdultMerge } from './person-merge.ts'
import { ADULT_MERGE_DEPENDENTS, type AdultMergeDependent, adultMergeInWords } from './person-merge.words.ts'
import type { MergePreview } from './pupil-merge.commands.ts'
import type { StandingMerge } from './pupil-merge.ts'
import { nameOf } from './pupil-merge.words.ts'

/** Two adults, and what a colleague chose of them. */
export type AskedAdultMerge = AdultChoice & { oneId: string; otherId: string }

type Planned = { plan: AdultMergePlan; lines: string[]; seen: string }

async function planned(
  trx: Trx,
  municipalityId: string,
  asked: AskedAdultMerge,
  options: { lock: boolean },
): Promise<Result<Planned>> {
  const facts = await adultFacts(trx, municipalityId, [asked.oneId, asked.otherId], options)
  if (!facts) return refused('request:not-found')
  const made = planAdultMerge(facts, asked)
  if (!made.ok) return made
  const lines = adultMergeInWords(made.value)
  return ok({ plan: made.value, lines, seen: fingerprintOf({ asked, plan: made.value, lines }) })
}

const mayMerge = (viewer: Viewer, { oneId, otherId }: { oneId: string; otherId: string }): boolean =>
  allowedToStaff(viewer, 'registry:merge') && isUuid(oneId) && isUuid(otherId) && oneId !== otherId

/** What making two adults one would do, in words, before anything is done. */
export async function previewAdultMerge(
  viewer: Viewer,
  asked: AskedAdultMerge,
): Promise<Result<MergePreview>> {
  if (!mayMerge(viewer, asked)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const merge = await standingAdultMerge(trx, viewer.municipalityId, [asked.oneId, asked.otherId])
    if (merge) return refused('adults:done', { who: merge.doneBy })
    const made = await planned(trx, viewer.municipalityId, asked, { lock: false })
    return made.ok ? ok({ lines: made.value.lines, seen: made.value.seen }) : made
  })
}

/**
 * Makes two adults one, exactly as it was previewed, in one transaction: the roles of the one that goes are those of the one that
 * stays, who enters with the chosen code. What either did names who did it. The same confirmation sent twice is done once.
 */
export async function mergeAdults(
  viewer: Viewer,
  asked: AskedAdultMerge,
  { seen, reason }: { seen: string; reason: string },
): Promise<Result<{ keptId: string }>> {
  if (!mayMerge(viewer, asked)) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    const made = await planned(trx, municipalityId, asked, { lock: true })
    const merge = await standingAdultMerge(trx, municipalityId, [asked.oneId, asked.otherId])
    if (merge)
      return merge.fingerprint === seen && merge.doneById === personId
        ? ok({ keptId: merge.keptId })
        : refused('adults:done', { who: merge.doneBy })
    if (!made.ok) return made
    if (made.value.seen !== seen) return refused('adults:preview-changed')
    const { plan } = made.value
    const ids = [plan.kept.id, plan.gone.id]
    const rows = await rowsOf(trx, municipalityId, ids)
    const { added, given } = await write(trx, viewer, plan)
    const before = JSON.stringify({ ...rows, added, given, ends: plan.ends })
    const sums = JSON.stringify(sumsOf(await rowsOf(trx, municipalityId, ids)))
    await sql`insert into person_merge (municipality_id, kept_id, gone_id, fingerprint, reason, before, after_sums, done_by)
      values (${municipalityId}, ${plan.kept.id}::uuid, ${plan.gone.id}::uuid, ${seen}, ${reason}, ${before}::jsonb, ${sums}::jsonb,
        ${personId}::uuid)`.execute(trx)
    const families = plan.gone.roles.map(({ householdId }) => householdId)
    await tell(trx, municipalityId, { ids, families, key: seen, notice: 'merged' })
    await audit(trx, viewer, 'registry:adults-merged', ids, reason)
    return ok({ keptId: plan.kept.id })
  })
}

/** @returns what the act added to the one that stays, and the ids of the roles that it gave */
async function write(
  trx: Trx,
  viewer: Viewer,
  { kept, gone, values, swapsCodes, opensOther, ends, gives }: AdultMergePlan,
): Promise<{ added: unknown; given: string[] }> {
  const { municipalityId, personId } = viewer
  const { rows } = await sql<{ added: unknown }>`
    select merge_persons(${municipalityId}::uuid, ${kept.id}::uuid, ${gone.id}::uuid, ${values.givenName}, ${values.familyName},
      ${values.birthDay}::date, ${swapsCodes}, ${opensOther}) as added`.execute(trx)
  await sql`update household_member set ended_at = app_now()
    where municipality_id = ${municipalityId} and id = any(${[...ends]}::uuid[])`.execute(trx)
  const given: string[] = []
  for (const { like, role, pupilIds, to } of gives) {
    // A moment before the role that it follows: who stays is no new holder, and sees the movements that the other saw.
    const { rows: added } = await sql<{ id: string }>`
      insert into household_member (municipality_id, household_id, person_id, role, all_pupils, valid_from, valid_to, started_at, given_by)
      select e.municipality_id, e.household_id, ${kept.id}::uuid, ${role}::text, ${pupilIds === null}, greatest(e.valid_from, app_today()),
        ${to}::date, e.started_at - interval '1 microsecond', ${personId}::uuid
      from household_member e where e.municipality_id = ${municipalityId} and e.id = ${like}::uuid
      returning id`.execute(trx)
    const { id } = added[0] as { id: string }
    given.push(id)
    await sql`insert into delegate_pupil (municipality_id, household_member_id, pupil_id)
      select ${municipalityId}::uuid, ${id}::uuid, p from unnest(${[...(pupilIds ?? [])]}::uuid[]) p`.execute(
      trx,
    )
  }
  return { added: rows[0]?.added, given }
}

const AUDIENCES = { merged: 'family', split: 'split' } as const

/** Both are told at their own addresses, and who pays for the families that the act touches. */
async function tell(
  trx: Trx,
  municipalityId: string,
  {
    ids,
    families,
    key,
    notice,
  }: { ids: readonly string[]; families: readonly string[]; key: string; notice: keyof typeof AUDIENCES },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select distinct m.person_id as id from active_member m
    where m.municipality_id = ${municipalityId} and m.role = 'holder' and m.household_id = any(${[...families]}::uuid[])
      and m.person_id <> all(${[...ids]}::uuid[])`.execute(trx)
  await notify(trx, municipalityId, {
    ...{ event: 'registry:corrected', key: `adults-${notice}:${key}`, to: [...ids] },
    ...{ say: ADULT_MERGE_NOTICES[notice], path: '/profilo' },
  })
  await notify(trx, municipalityId, {
    ...{ event: 'registry:corrected', key: `adults-${notice}-family:${key}`, to: rows.map(({ id }) => id) },
    ...{ say: ADULT_MERGE_NOTICES[AUDIENCES[notice]], path: '/profilo/deleghe' },
  })
}

const audit = async (
  trx: Trx,
  viewer: Viewer,
  action: 'registry:adults-merged' | 'registry:adults-split',
  [kept, gone]: readonly string[],
  reason: string,
): Promise<void> => {
  for (const objectId of [kept, gone])
    await recordAudit(trx, viewer, {
      ...{ action, objectType: 'person', objectId: objectId as string },
      details: { kept: kept as string, gone: gone as string, reason },
    })
}

/** The rows of two adults that a merge changes. */
type Rows = { people: PersonRow[]; codes: unknown[]; roles: unknown[] }
type PersonRow = Pick<AdultSide, 'id' | 'givenName' | 'familyName' | 'birthDay' | 'fiscalCode'>

async function rowsOf(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<Rows> {
  const people = sql`any(${[...ids]}::uuid[])`
  const { rows } = await sql<Rows>`
    select
      (select jsonb_agg(jsonb_build_object('id', p.id, 'givenName', p.given_name, 'familyName', p.family_name, 'birthDay', p.birth_date,
          'fiscalCode', p.fiscal_code) order by p.id)
        from person p where p.municipality_id = ${municipalityId} and p.id = ${people}) as people,
      coalesce((select jsonb_agg(jsonb_build_object('hash', encode(k.fiscal_code_hash, 'hex'), 'person', k.person_id, 'code', k.fiscal_code,
          'since', k.since) order by k.fiscal_code)
        from person_code k where k.municipality_id = ${municipalityId} and k.person_id = ${people}), '[]') as codes,
      coalesce((select jsonb_agg(jsonb_build_object('role', to_jsonb(m), 'pupils', (select jsonb_agg(d.pupil_id order by d.pupil_id)
          from delegate_pupil d where d.municipality_id = ${municipalityId} and d.household_member_id = m.id)) order by m.id)
        from household_member m where m.municipality_id = ${municipalityId} and m.person_id = ${people}), '[]') as roles`.execute(
    trx,
  )
  return rows[0] as Rows
}

const PARTS = ['people', 'codes', 'roles'] as const
type Sums = Record<(typeof PARTS)[number], string>

const sumsOf = (rows: Rows): Sums =>
  Object.fromEntries(PARTS.map((part) => [part, fingerprintOf(rows[part])])) as Sums

type Undoing = {
  merge: StandingMerge
  families: string[]
  dependents: AdultMergeDependent[]
  seen: string
  names: string[]
}

export type AskedAdultSplit = { oneId: string; otherId: string; mergeId: string }

/** What undoing would put back, and what came after the merge and stands on it. */
async function undoing(
  trx: Trx,
  municipalityId: string,
  { mergeId, oneId, otherId }: AskedAdultSplit,
): Promise<Undoing | null> {
  const merge = await standingAdultMerge(trx, municipalityId, [oneId, otherId])
  if (!merge || merge.id !== mergeId) return null
  const { rows } = await sql<{
    people: PersonRow[]
    sums: Sums
    families: string[]
    payments: boolean
    requests: boolean
  }>`
    with own as (
      select m.before, m.after_sums, m.kept_id, m.done_at, array(select distinct r.household_id from household_member r
        where r.municipality_id = ${municipalityId} and r.id in (select e::uuid from jsonb_array_elements_text(m.before -> 'ends') e)
      ) as families
      from person_merge m where m.municipality_id = ${municipalityId} and m.id = ${mergeId}::uuid)
    select o.before -> 'people' as people, o.after_sums as sums, o.families,
      exists (select from top_up t where t.municipality_id = ${municipalityId} and t.payer_id = o.kept_id
        and t.household_id = any(o.families) and t.created_at >= o.done_at) as payments,
      exists (select from form_submission s where s.municipality_id = ${municipalityId} and s.person_id = o.kept_id
        and s.household_id = any(o.families) and s.submitted_at >= o.done_at) as requests
    from own o`.execute(trx)
  const found = rows[0]
  if (!found) return null
  const sums = sumsOf(await rowsOf(trx, municipalityId, [merge.keptId, merge.goneId]))
  return {
    ...{ merge, families: found.families, names: found.people.map(nameOf) },
    dependents: [
      ...PARTS.filter((part) => sums[part] !== found.sums[part]),
      ...(['payments', 'requests'] as const).filter((one) => found[one]),
    ],
    seen: fingerprintOf({ id: merge.id, sums }),
  }
}

async function onMerge<T>(
  viewer: Viewer,
  asked: AskedAdultSplit,
  options: { lock: boolean },
  work: (trx: Trx, found: Undoing) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!mayMerge(viewer, asked) || !isUuid(asked.mergeId)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    if (!(await adultFacts(trx, viewer.municipalityId, [asked.oneId, asked.otherId], options)))
      return refused('request:not-found')
    const found = await undoing(trx, viewer.municipalityId, asked)
    if (!found) return refused('adults:not-done')
    if (found.dependents.length > 0)
      return refused('adults:depends', { what: found.dependents.map((one) => ADULT_MERGE_DEPENDENTS[one]) })
    return work(trx, found)
  })
}

/** What undoing a merge of adults would do, or what depends on it. */
export const previewAdultSplit = (viewer: Viewer, asked: AskedAdultSplit): Promise<Result<MergePreview>> =>
  onMerge(viewer, asked, { lock: false }, async (_, { names, seen }) =>
    ok({
      lines: [
        `${names.join(' e ')} sono di nuovo due adulti, con i nomi e i codici di prima.`,
        'I ruoli nelle famiglie tornano com’erano prima dell’unione.',
        'Ricevono un messaggio tutti e due, e chi paga per le famiglie toccate.',
      ],
      seen,
    }),
  )

/** Takes a merge of adults back: names, codes and roles are as they were before it. */
export const undoAdultMerge = (
  viewer: Viewer,
  asked: AskedAdultSplit,
  { seen, reason }: { seen: string; reason: string },
): Promise<Result<null>> =>
  onMerge(viewer, asked, { lock: true }, async (trx, { merge, families, seen: now }) => {
    if (now !== seen) return refused('adults:preview-changed')
    const { municipalityId, personId } = viewer
    await sql`select split_persons(${municipalityId}::uuid, ${merge.id}::uuid)`.execute(trx)
    await sql`update person_merge set undone_at = app_now(), undone_by = ${personId}::uuid
      where municipality_id = ${municipalityId} and id = ${merge.id}::uuid`.execute(trx)
    const ids = [merge.keptId, merge.goneId]
    await tell(trx, municipalityId, { ids, families, key: merge.id, notice: 'split' })
    await audit(trx, viewer, 'registry:adults-split', ids, reason)
    return ok(null)
  })
