import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { openRefundsOfHousehold, returnRefundsOfHousehold } from '#lib/school/office/departure.commands.ts'
import { openAccounts } from '#lib/school/office/pupil.commands.ts'
import { HOUSEHOLD_MERGE_NOTICES } from './household-merge.notice.ts'
import { householdFacts, standingHouseholdMerge } from './household-merge.queries.ts'
import { type HouseholdMergePlan, planHouseholdMerge } from './household-merge.ts'
import {
  HOUSEHOLD_MERGE_DEPENDENTS,
  type HouseholdMergeDependent,
  householdMergeInWords,
} from './household-merge.words.ts'
import type { MergePreview } from './pupil-merge.commands.ts'
import type { SideName, StandingMerge } from './pupil-merge.ts'

/** Two households, and which of them stays. */
export type AskedHouseholdMerge = { oneId: string; otherId: string; keep: SideName }

type FirstDays = Record<string, string>
type Planned = { plan: HouseholdMergePlan; firstDays: FirstDays; lines: string[]; seen: string }

async function planned(
  trx: Trx,
  municipalityId: string,
  asked: AskedHouseholdMerge,
  options: { lock: boolean },
): Promise<Result<Planned>> {
  const facts = await householdFacts(trx, municipalityId, [asked.oneId, asked.otherId], options)
  if (!facts) return refused('request:not-found')
  const made = planHouseholdMerge(facts, asked.keep)
  if (!made.ok) return made
  const lines = householdMergeInWords(made.value, facts.services)
  const firstDays = Object.fromEntries(facts.services.map(({ id, firstDay }) => [id, firstDay]))
  return ok({ plan: made.value, firstDays, lines, seen: fingerprintOf({ asked, plan: made.value, lines }) })
}

const mayMerge = (viewer: Viewer, { oneId, otherId }: { oneId: string; otherId: string }): boolean =>
  allowedToStaff(viewer, 'registry:merge') && isUuid(oneId) && isUuid(otherId) && oneId !== otherId

/** What making two households one would do, in words, before anything is done. */
export async function previewHouseholdMerge(
  viewer: Viewer,
  asked: AskedHouseholdMerge,
): Promise<Result<MergePreview>> {
  if (!mayMerge(viewer, asked)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const merge = await standingHouseholdMerge(trx, viewer.municipalityId, [asked.oneId, asked.otherId])
    if (merge) return refused('families:done', { who: merge.doneBy })
    const made = await planned(trx, viewer.municipalityId, asked, { lock: false })
    return made.ok ? ok({ lines: made.value.lines, seen: made.value.seen }) : made
  })
}

/**
 * Makes two households of one holder one, exactly as it was previewed, in one transaction: the pupils of the one that goes belong to
 * the one that stays, with their delegates. What was counted is charged before; accounts, documents and receipts stay, and the ledger
 * is not written. The same confirmation sent twice is done once.
 */
export async function mergeHouseholds(
  viewer: Viewer,
  asked: AskedHouseholdMerge,
  { seen, reason }: { seen: string; reason: string },
): Promise<Result<{ keptId: string }>> {
  if (!mayMerge(viewer, asked)) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    const made = await planned(trx, municipalityId, asked, { lock: true })
    const merge = await standingHouseholdMerge(trx, municipalityId, [asked.oneId, asked.otherId])
    if (merge)
      return merge.fingerprint === seen && merge.doneById === personId
        ? ok({ keptId: merge.keptId })
        : refused('families:done', { who: merge.doneBy })
    if (!made.ok) return made
    if (made.value.seen !== seen) return refused('families:preview-changed')
    const { plan, firstDays } = made.value
    const ids = [plan.kept.id, plan.gone.id]
    const added = await write(trx, viewer, plan)
    const before = JSON.stringify({ ...added, pupils: plan.pupils, ends: plan.ends, firstDays })
    const sums = JSON.stringify(sumsOf(await rowsOf(trx, municipalityId, ids, plan.pupils)))
    await sql`insert into household_merge (municipality_id, kept_id, gone_id, fingerprint, reason, before, after_sums, done_by)
      values (${municipalityId}, ${plan.kept.id}::uuid, ${plan.gone.id}::uuid, ${seen}, ${reason}, ${before}::jsonb, ${sums}::jsonb,
        ${personId}::uuid)`.execute(trx)
    await openRefundsOfHousehold(trx, viewer, plan.gone.id)
    await tell(trx, municipalityId, { pupils: plan.pupils, key: seen, notice: 'merged' })
    await audit(trx, viewer, 'registry:households-merged', ids, reason)
    return ok({ keptId: plan.kept.id })
  })
}

/** @returns the roles that it gave and the accounts that it opened */
async function write(
  trx: Trx,
  viewer: Viewer,
  { kept, gone, pupils, ends, gives }: HouseholdMergePlan,
): Promise<{ given: string[]; accounts: string[] }> {
  const { municipalityId, personId } = viewer
  await sql`select move_pupils(${municipalityId}::uuid, ${[...pupils]}::uuid[], ${gone.id}::uuid, ${kept.id}::uuid)`.execute(
    trx,
  )
  await sql`update household_member set ended_at = app_now()
    where municipality_id = ${municipalityId} and id = any(${[...ends]}::uuid[])`.execute(trx)
  const given: string[] = []
  for (const { like, pupilIds } of gives) {
    const { rows } = await sql<{ id: string }>`
      insert into household_member (municipality_id, household_id, person_id, role, all_pupils, valid_from, valid_to, given_by)
      select e.municipality_id, ${kept.id}::uuid, e.person_id, 'delegate', false, greatest(e.valid_from, app_today()), e.valid_to,
        ${personId}::uuid
      from household_member e where e.municipality_id = ${municipalityId} and e.id = ${like}::uuid
      returning id`.execute(trx)
    const { id } = rows[0] as { id: string }
    given.push(id)
    await sql`insert into delegate_pupil (municipality_id, household_member_id, pupil_id)
      select ${municipalityId}::uuid, ${id}::uuid, p from unnest(${[...pupilIds]}::uuid[]) p`.execute(trx)
  }
  const services = [...new Set(gone.pupils.flatMap(({ serviceIds }) => serviceIds))].toSorted()
  const accounts = await openAccounts(
    trx,
    municipalityId,
    services.map((serviceId) => ({ serviceId, householdId: kept.id })),
  )
  return { given, accounts }
}

const tell = async (
  trx: Trx,
  municipalityId: string,
  {
    pupils,
    key,
    notice,
  }: { pupils: readonly string[]; key: string; notice: keyof typeof HOUSEHOLD_MERGE_NOTICES },
) =>
  notify(trx, municipalityId, {
    ...{ event: 'registry:corrected', key: `households-${notice}:${key}`, path: '/servizi' },
    ...{ to: await adultsOfPupils(trx, municipalityId, [...pupils]), say: HOUSEHOLD_MERGE_NOTICES[notice] },
  })

const audit = async (
  trx: Trx,
  viewer: Viewer,
  action: 'registry:households-merged' | 'registry:households-split',
  [kept, gone]: readonly string[],
  reason: string,
): Promise<void> => {
  for (const objectId of [kept, gone])
    await recordAudit(trx, viewer, {
      ...{ action, objectType: 'household', objectId: objectId as string },
      details: { kept: kept as string, gone: gone as string, reason },
    })
}

type Rows = { pupils: unknown; roles: unknown }

/** The rows that a merge of two households changes: to which one its pupils belong, and the roles of both. */
async function rowsOf(
  trx: Trx,
  municipalityId: string,
  ids: readonly string[],
  pupils: readonly string[],
): Promise<Rows> {
  const { rows } = await sql<Rows>`
    select (select jsonb_agg(jsonb_build_object('id', p.id, 'household', p.household_id) order by p.id) from pupil p
        where p.municipality_id = ${municipalityId} and p.id = any(${[...pupils]}::uuid[])) as pupils,
      coalesce((select jsonb_agg(jsonb_build_object('role', to_jsonb(m), 'pupils', (select jsonb_agg(d.pupil_id order by d.pupil_id)
          from delegate_pupil d where d.municipality_id = ${municipalityId} and d.household_member_id = m.id)) order by m.id)
        from household_member m where m.municipality_id = ${municipalityId} and m.household_id = any(${[...ids]}::uuid[])),
        '[]') as roles`.execute(trx)
  return rows[0] as Rows
}

const PARTS = ['pupils', 'roles'] as const
type Sums = Record<(typeof PARTS)[number], string>

const sumsOf = (rows: Rows): Sums =>
  Object.fromEntries(PARTS.map((part) => [part, fingerprintOf(rows[part])])) as Sums

type Undoing = {
  merge: StandingMerge
  pupils: string[]
  dependents: HouseholdMergeDependent[]
  seen: string
}

export type AskedHouseholdSplit = { oneId: string; otherId: string; mergeId: string }

/** What undoing would put back, and what came after the merge and stands on it. */
async function undoing(
  trx: Trx,
  municipalityId: string,
  { mergeId, oneId, otherId }: AskedHouseholdSplit,
): Promise<Undoing | null> {
  const merge = await standingHouseholdMerge(trx, municipalityId, [oneId, otherId])
  if (!merge || merge.id !== mergeId) return null
  const { rows } = await sql<{
    pupils: string[]
    sums: Sums
    counted: boolean
    refund: boolean
    account: boolean
  }>`
    select m.before -> 'pupils' as pupils, m.after_sums as sums,
      exists (select from enrolment e
        join service_day d on d.municipality_id = ${municipalityId} and d.service_id = e.service_id and d.school_id = e.school_id
          and d.day between e.valid_from and e.valid_to and (d.status = 'closed' or d.status = 'open' and d.cutoff_at <= app_now())
        where e.municipality_id = ${municipalityId}
          and e.pupil_id in (select p::uuid from jsonb_array_elements_text(m.before -> 'pupils') p)
          and d.day >= (m.before -> 'firstDays' ->> e.service_id::text)::date) as counted,
      exists (select from refund_case r where r.municipality_id = ${municipalityId} and r.household_id = m.gone_id
        and r.opened_at >= m.done_at and r.decision is not null) as refund,
      exists (select from jsonb_array_elements_text(m.before -> 'accounts') o where
        exists (select from entry e where e.municipality_id = ${municipalityId} and e.account_id = o::uuid)
        or exists (select from top_up t where t.municipality_id = ${municipalityId} and t.account_id = o::uuid)) as account
    from household_merge m where m.municipality_id = ${municipalityId} and m.id = ${mergeId}::uuid`.execute(
    trx,
  )
  const found = rows[0]
  if (!found) return null
  const sums = sumsOf(await rowsOf(trx, municipalityId, [merge.keptId, merge.goneId], found.pupils))
  return {
    ...{ merge, pupils: found.pupils },
    dependents: [
      ...PARTS.filter((part) => sums[part] !== found.sums[part]),
      ...(['counted', 'refund', 'account'] as const).filter((one) => found[one]),
    ],
    seen: fingerprintOf({ id: merge.id, sums }),
  }
}

async function onMerge<T>(
  viewer: Viewer,
  asked: AskedHouseholdSplit,
  options: { lock: boolean },
  work: (trx: Trx, found: Undoing) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!mayMerge(viewer, asked) || !isUuid(asked.mergeId)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    if (!(await householdFacts(trx, viewer.municipalityId, [asked.oneId, asked.otherId], options)))
      return refused('request:not-found')
    const found = await undoing(trx, viewer.municipalityId, asked)
    if (!found) return refused('families:not-done')
    if (found.dependents.length > 0)
      return refused('families:depends', {
        what: found.dependents.map((one) => HOUSEHOLD_MERGE_DEPENDENTS[one]),
      })
    return work(trx, found)
  })
}

/** What undoing a merge of households would do, or what depends on it. */
export const previewHouseholdSplit = (
  viewer: Viewer,
  asked: AskedHouseholdSplit,
): Promise<Result<MergePreview>> =>
  onMerge(viewer, asked, { lock: false }, async (_, { seen }) =>
    ok({
      lines: [
        'Le due famiglie sono di nuovo divise: alunni e deleghe tornano com’erano prima dell’unione.',
        'Il rimborso da decidere che si era aperto si chiude. Chi paga e i delegati ricevono un messaggio.',
      ],
      seen,
    }),
  )

/** Takes a merge of households back: pupils and roles are as they were before it. */
export const undoHouseholdMerge = (
  viewer: Viewer,
  asked: AskedHouseholdSplit,
  { seen, reason }: { seen: string; reason: string },
): Promise<Result<null>> =>
  onMerge(viewer, asked, { lock: true }, async (trx, { merge, pupils, seen: now }) => {
    if (now !== seen) return refused('families:preview-changed')
    const { municipalityId, personId } = viewer
    const { keptId, goneId } = merge
    await sql`select move_pupils(${municipalityId}::uuid, ${pupils}::uuid[], ${keptId}::uuid, ${goneId}::uuid)`.execute(
      trx,
    )
    await sql`select take_household_merge_back(${municipalityId}::uuid, ${merge.id}::uuid)`.execute(trx)
    await sql`update household_merge set undone_at = app_now(), undone_by = ${personId}::uuid
      where municipality_id = ${municipalityId} and id = ${merge.id}::uuid`.execute(trx)
    await returnRefundsOfHousehold(trx, viewer, goneId)
    await tell(trx, municipalityId, { pupils, key: merge.id, notice: 'split' })
    await audit(trx, viewer, 'registry:households-split', [keptId, goneId], reason)
    return ok(null)
  })
