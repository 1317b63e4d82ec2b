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
import { openRefund } from '#lib/school/office/departure.commands.ts'
import {
  type PupilBefore,
  putEnrolmentsBack,
  writeEnrolments,
} from '#lib/school/office/enrolment.commands.ts'
import { openAccounts } from '#lib/school/office/pupil.commands.ts'
import { ENROLMENT_CHANGE_NOTICES } from './enrolment-change.notice.ts'
import { mergeFacts, standingMerge } from './pupil-merge.queries.ts'
import {
  type MergeChoice,
  type MergePlan,
  type MergeSide,
  planMerge,
  type StandingMerge,
} from './pupil-merge.ts'
import { MERGE_DEPENDENTS, type MergeDependent, mergeInWords, nameOf } from './pupil-merge.words.ts'

/** Two pupils, and what a colleague chose of them. */
export type AskedMerge = MergeChoice & { oneId: string; otherId: string }

/** What an act would do, in words, and the mark that the second press is bound to. */
export type MergePreview = { lines: readonly string[]; seen: string }

type Planned = { plan: MergePlan; lines: string[]; seen: string }

async function planned(
  trx: Trx,
  municipalityId: string,
  asked: AskedMerge,
  options: { lock: boolean },
): Promise<Result<Planned>> {
  const facts = await mergeFacts(trx, municipalityId, [asked.oneId, asked.otherId], options)
  if (!facts) return refused('request:not-found')
  const made = planMerge(facts, asked)
  if (!made.ok) return made
  const lines = mergeInWords(made.value, facts.services)
  return ok({ plan: made.value, lines, seen: fingerprintOf({ asked, plan: made.value, lines }) })
}

const isPair = ({ oneId, otherId }: AskedMerge): boolean =>
  isUuid(oneId) && isUuid(otherId) && oneId !== otherId

/** What making two pupils one would do, in words, before anything is done. */
export async function previewMerge(viewer: Viewer, asked: AskedMerge): Promise<Result<MergePreview>> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isPair(asked)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const merge = await standingMerge(trx, viewer.municipalityId, [asked.oneId, asked.otherId])
    if (merge) return refused('merges:done', { who: merge.doneBy })
    const made = await planned(trx, viewer.municipalityId, asked, { lock: false })
    return made.ok ? ok({ lines: made.value.lines, seen: made.value.seen }) : made
  })
}

/**
 * Makes two pupils one, exactly as it was previewed, in one transaction: from the first day that no kitchen has counted one of them
 * eats, with the cancellations, the bands and the delegates of both. What was counted, charged and sent stays where it is. The same
 * confirmation sent twice is done once.
 */
export async function mergePupils(
  viewer: Viewer,
  asked: AskedMerge,
  { seen, reason }: { seen: string; reason: string },
): Promise<Result<{ keptId: string }>> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isPair(asked)) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    const made = await planned(trx, municipalityId, asked, { lock: true })
    const merge = await standingMerge(trx, municipalityId, [asked.oneId, asked.otherId])
    if (merge)
      return merge.fingerprint === seen && merge.doneById === personId
        ? ok({ keptId: merge.keptId })
        : refused('merges:done', { who: merge.doneBy })
    if (!made.ok) return made
    if (made.value.seen !== seen) return refused('merges:preview-changed')
    const { plan } = made.value
    const ids = [plan.kept.id, plan.gone.id]
    const rows = await rowsOf(trx, municipalityId, ids)
    const accounts = await write(trx, viewer, plan, reason)
    const firstDays = Object.fromEntries(
      plan.enrolments.map(({ serviceId, firstDay }) => [serviceId, firstDay]),
    )
    const before = JSON.stringify({ ...rows, accounts, added: plan.delegates, firstDays })
    const sums = JSON.stringify(sumsOf(await rowsOf(trx, municipalityId, ids)))
    await sql`insert into pupil_merge (municipality_id, kept_id, gone_id, fingerprint, reason, before, after_sums, done_by)
      values (${municipalityId}, ${plan.kept.id}::uuid, ${plan.gone.id}::uuid, ${seen}, ${reason}, ${before}::jsonb, ${sums}::jsonb,
        ${personId}::uuid)`.execute(trx)
    await openRefunds(trx, viewer, plan)
    await tellLeft(trx, municipalityId, plan, seen)
    await audit(trx, viewer, 'registry:merged', plan.kept.id, plan.gone.id, reason)
    return ok({ keptId: plan.kept.id })
  })
}

/** @returns the accounts that it opened */
async function write(trx: Trx, viewer: Viewer, plan: MergePlan, reason: string): Promise<string[]> {
  const { municipalityId, personId } = viewer
  const { kept, gone, values, fares, delegates } = plan
  for (const { serviceId, ofGone } of plan.enrolments)
    await writeEnrolments(trx, { municipalityId, pupilId: gone.id, serviceId }, ofGone)
  for (const { serviceId, ofKept } of plan.enrolments)
    await writeEnrolments(trx, { municipalityId, pupilId: kept.id, serviceId }, ofKept)
  await carryCancellations(trx, municipalityId, plan)
  for (const { id, to } of fares.cut)
    await sql`update fare_assignment set valid_to = ${to}::date, ended_by = ${personId}::uuid, ended_at = app_now(), end_reason = ${reason}
      where municipality_id = ${municipalityId} and id = ${id}::uuid`.execute(trx)
  await sql`delete from fare_assignment where municipality_id = ${municipalityId} and id = any(${[...fares.drop]}::uuid[])`.execute(
    trx,
  )
  await sql`
    insert into fare_assignment (municipality_id, pupil_id, service_id, band_code, valid_from, valid_to, given_by, reason)
    select ${municipalityId}::uuid, ${kept.id}::uuid, n."serviceId", n.band, n."from", n."to", ${personId}::uuid, ${reason}
    from jsonb_to_recordset(${JSON.stringify(fares.give)}::jsonb) as n("serviceId" uuid, band text, "from" date, "to" date)`.execute(
    trx,
  )
  await sql`insert into delegate_pupil (municipality_id, household_member_id, pupil_id)
    select ${municipalityId}::uuid, d, ${kept.id}::uuid from unnest(${[...delegates]}::uuid[]) d`.execute(trx)
  const { givenName, familyName, birthDay, swapsCodes } = values
  await sql`select name_merged_pupil(${municipalityId}::uuid, ${kept.id}::uuid, ${gone.id}::uuid, ${givenName}, ${familyName},
    ${birthDay}::date, ${swapsCodes})`.execute(trx)
  return openAccounts(
    trx,
    municipalityId,
    plan.enrolments
      .filter(({ ofKept }) => ofKept.enrol.length > 0)
      .map(({ serviceId }) => ({ serviceId, householdId: kept.householdId })),
  )
}

/** An accepted cancellation of the one that goes holds for the one that stays, under the same receipt. */
async function carryCancellations(
  trx: Trx,
  municipalityId: string,
  { kept, gone }: MergePlan,
): Promise<void> {
  await sql`
    with carried as materialized (
      select a.service_day_id, a.receipt_id from absence a
      join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id and d.status = 'open'
        and d.cutoff_at > app_now()
      join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = ${kept.id}::uuid and e.service_id = d.service_id
        and e.school_id = d.school_id and d.day between e.valid_from and e.valid_to
      where a.municipality_id = ${municipalityId} and a.pupil_id = ${gone.id}::uuid
    ), placed as (
      insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
      select ${municipalityId}::uuid, c.service_day_id, ${kept.id}::uuid, c.receipt_id from carried c on conflict do nothing
    )
    delete from absence a using carried c
    where a.municipality_id = ${municipalityId} and a.pupil_id = ${gone.id}::uuid and a.service_day_id = c.service_day_id`.execute(
    trx,
  )
}

/** A family that has no pupil left in a service, and a credit, is a case. */
async function openRefunds(trx: Trx, viewer: Viewer, { kept, gone, enrolments }: MergePlan): Promise<void> {
  if (kept.householdId === gone.householdId) return
  for (const { serviceId, ofGone } of enrolments)
    if (ofGone.end.length + ofGone.drop.length > 0)
      await openRefund(trx, viewer, { pupilId: gone.id, serviceId })
}

/** The adults of a family that has this pupil no more are told that its meals end there. */
async function tellLeft(trx: Trx, municipalityId: string, plan: MergePlan, seen: string): Promise<void> {
  const { kept, gone, enrolments } = plan
  const ends = enrolments.some(({ ofGone }) => ofGone.end.length + ofGone.drop.length > 0)
  if (kept.householdId === gone.householdId || !ends) return
  await notify(trx, municipalityId, {
    event: 'enrolment:decided',
    key: `merged:${seen}`,
    to: await adultsOfPupils(trx, municipalityId, [gone.id]),
    say: ENROLMENT_CHANGE_NOTICES.ended,
    path: '/servizi',
  })
}

const audit = async (
  trx: Trx,
  viewer: Viewer,
  action: 'registry:merged' | 'registry:merge-undone',
  keptId: string,
  goneId: string,
  reason: string,
): Promise<void> => {
  for (const objectId of [keptId, goneId])
    await recordAudit(trx, viewer, {
      ...{ action, objectType: 'pupil', objectId },
      details: { kept: keptId, gone: goneId, reason },
    })
}

/** The rows of two pupils that a merge changes, as the database writes them. */
type Rows = {
  pupils: PupilRow[]
  enrolments: ById[]
  absences: ById[]
  fares: unknown[]
  delegates: unknown[]
}
type PupilRow = Pick<MergeSide, 'id' | 'givenName' | 'familyName' | 'birthDay' | 'fiscalCode'>
type ById = { id: string; rows: unknown }

async function rowsOf(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<Rows> {
  const pupils = sql`(select p.id from unnest(${[...ids]}::uuid[]) p (id))`
  const { rows } = await sql<Rows>`
    select
      (select jsonb_agg(jsonb_build_object('id', p.id, 'givenName', p.given_name, 'familyName', p.family_name, 'birthDay', p.birth_date,
          'fiscalCode', p.fiscal_code) order by p.id)
        from pupil p where p.municipality_id = ${municipalityId} and p.id in ${pupils}) as pupils,
      (select jsonb_agg(jsonb_build_object('id', p.id, 'rows', coalesce((select jsonb_agg(to_jsonb(e) order by e.id) from enrolment e
          where e.municipality_id = ${municipalityId} and e.pupil_id = p.id), '[]')) order by p.id) from ${pupils} p) as enrolments,
      (select jsonb_agg(jsonb_build_object('id', p.id, 'rows', coalesce((select jsonb_agg(to_jsonb(a) order by a.service_day_id)
          from absence a where a.municipality_id = ${municipalityId} and a.pupil_id = p.id), '[]')) order by p.id) from ${pupils} p) as absences,
      coalesce((select jsonb_agg(to_jsonb(f) order by f.id) from fare_assignment f
        where f.municipality_id = ${municipalityId} and f.pupil_id in ${pupils}), '[]') as fares,
      coalesce((select jsonb_agg(jsonb_build_object('member', d.household_member_id, 'pupil', d.pupil_id) order by d.household_member_id, d.pupil_id)
        from delegate_pupil d where d.municipality_id = ${municipalityId} and d.pupil_id in ${pupils}), '[]') as delegates`.execute(
    trx,
  )
  return rows[0] as Rows
}

const PARTS = ['pupils', 'enrolments', 'absences', 'fares', 'delegates'] as const
type Sums = Record<(typeof PARTS)[number], string>

const sumsOf = (rows: Rows): Sums =>
  Object.fromEntries(PARTS.map((part) => [part, fingerprintOf(rows[part])])) as Sums

type Undoing = {
  merge: StandingMerge
  before: Before
  dependents: MergeDependent[]
  seen: string
  names: string[]
}
type Before = Rows & { accounts: string[] }

/** What undoing would put back, and what came after the merge and stands on it. */
async function undoing(
  trx: Trx,
  municipalityId: string,
  { mergeId, oneId, otherId }: AskedUndoing,
): Promise<Undoing | null> {
  const merge = await standingMerge(trx, municipalityId, [oneId, otherId])
  if (!merge || merge.id !== mergeId) return null
  const { rows } = await sql<{
    before: Before
    sums: Sums
    counted: boolean
    refund: boolean
    account: boolean
  }>`
    select m.before, m.after_sums as sums,
      exists (select from enrolment e
        join service_day d on d.municipality_id = ${municipalityId} and d.service_id = e.service_id and d.school_id = e.school_id
          and d.day between e.valid_from and e.valid_to and (d.status = 'closed' or d.status = 'open' and d.cutoff_at <= app_now())
        where e.municipality_id = ${municipalityId} and e.pupil_id in (m.kept_id, m.gone_id)
          and d.day >= (m.before -> 'firstDays' ->> e.service_id::text)::date) as counted,
      exists (select from refund_case r join pupil g on g.municipality_id = ${municipalityId} and g.id = m.gone_id
        where r.municipality_id = ${municipalityId} and r.household_id = g.household_id and r.opened_at >= m.done_at
          and r.decision is not null) as refund,
      exists (select from jsonb_array_elements_text(m.before -> 'accounts') o
        join entry e on e.municipality_id = ${municipalityId} and e.account_id = o::uuid) as account
    from pupil_merge m where m.municipality_id = ${municipalityId} and m.id = ${mergeId}::uuid`.execute(trx)
  const found = rows[0]
  if (!found) return null
  const now = await rowsOf(trx, municipalityId, [merge.keptId, merge.goneId])
  const sums = sumsOf(now)
  return {
    merge,
    before: found.before,
    dependents: [
      ...PARTS.filter((part) => sums[part] !== found.sums[part]),
      ...(['counted', 'refund', 'account'] as const).filter((one) => found[one]),
    ],
    names: found.before.pupils.map(nameOf),
    seen: fingerprintOf({ id: merge.id, sums }),
  }
}

export type AskedUndoing = { oneId: string; otherId: string; mergeId: string }

const onMerge = async <T>(
  viewer: Viewer,
  asked: AskedUndoing,
  { lock }: { lock: boolean },
  work: (trx: Trx, found: Undoing) => Promise<Result<T>>,
): Promise<Result<T>> => {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(asked.mergeId))
    return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const facts = await mergeFacts(trx, viewer.municipalityId, [asked.oneId, asked.otherId], { lock })
    if (!facts) return refused('request:not-found')
    const found = await undoing(trx, viewer.municipalityId, asked)
    if (!found) return refused('merges:not-done')
    if (found.dependents.length > 0)
      return refused('merges:depends', { what: found.dependents.map((one) => MERGE_DEPENDENTS[one]) })
    return work(trx, found)
  })
}

/** What undoing a merge would do, or what depends on it. */
export const previewMergeUndoing = (viewer: Viewer, asked: AskedUndoing): Promise<Result<MergePreview>> =>
  onMerge(viewer, asked, { lock: false }, async (_, { names, seen }) =>
    ok({
      lines: [
        `${names.join(' e ')} sono di nuovo due alunni, con i dati di prima.`,
        'Iscrizioni, disdette, fasce e deleghe di tutti e due tornano com’erano prima dell’unione.',
      ],
      seen,
    }),
  )

/** Takes a merge back: every row is as it was before it. */
export const undoMerge = (
  viewer: Viewer,
  asked: AskedUndoing,
  { seen, reason }: { seen: string; reason: string },
): Promise<Result<null>> =>
  onMerge(viewer, asked, { lock: true }, async (trx, found) => {
    if (found.seen !== seen) return refused('merges:preview-changed')
    const { municipalityId, personId } = viewer
    const { merge, before } = found
    const absences = new Map(before.absences.map(({ id, rows }) => [id, rows]))
    await putEnrolmentsBack(
      trx,
      municipalityId,
      before.enrolments.map(
        ({ id, rows }): PupilBefore => ({ id, enrolments: rows, absences: absences.get(id) ?? [] }),
      ),
    )
    await putFaresBack(trx, municipalityId, [merge.keptId, merge.goneId], before.fares)
    await putNamesBack(trx, municipalityId, merge, before.pupils)
    const { rows } = await sql<{ moved: string | null }>`
      select take_merge_back(${municipalityId}::uuid, ${merge.id}::uuid) as moved`.execute(trx)
    if (rows[0]?.moved)
      throw new Error('take_merge_back: an account has moved under the locks of the undoing')
    await sql`update pupil_merge set undone_at = app_now(), undone_by = ${personId}::uuid
      where municipality_id = ${municipalityId} and id = ${merge.id}::uuid`.execute(trx)
    await audit(trx, viewer, 'registry:merge-undone', merge.keptId, merge.goneId, reason)
    return ok(null)
  })

async function putFaresBack(
  trx: Trx,
  municipalityId: string,
  ids: readonly string[],
  fares: readonly unknown[],
): Promise<void> {
  const before = sql`jsonb_populate_recordset(null::fare_assignment, ${JSON.stringify(fares)}::jsonb)`
  await sql`delete from fare_assignment f where f.municipality_id = ${municipalityId} and f.pupil_id = any(${[...ids]}::uuid[])
    and f.id not in (select b.id from ${before} b)`.execute(trx)
  await sql`update fare_assignment f set valid_to = b.valid_to, ended_by = b.ended_by, ended_at = b.ended_at, end_reason = b.end_reason
    from ${before} b where f.municipality_id = ${municipalityId} and f.id = b.id and f.valid_to <> b.valid_to`.execute(
    trx,
  )
  await sql`
    insert into fare_assignment (municipality_id, id, pupil_id, service_id, band_code, valid_from, valid_to, submission_id, given_by, given_at,
      reason, ended_by, ended_at, end_reason)
    select ${municipalityId}::uuid, b.id, b.pupil_id, b.service_id, b.band_code, b.valid_from, b.valid_to, b.submission_id, b.given_by,
      b.given_at, b.reason, b.ended_by, b.ended_at, b.end_reason
    from ${before} b where not exists (select from fare_assignment f where f.municipality_id = ${municipalityId} and f.id = b.id)`.execute(
    trx,
  )
}

async function putNamesBack(
  trx: Trx,
  municipalityId: string,
  { keptId, goneId }: StandingMerge,
  pupils: readonly PupilRow[],
): Promise<void> {
  const kept = pupils.find(({ id }) => id === keptId) as PupilRow
  const { rows } = await sql<{ swapped: boolean }>`
    select p.fiscal_code is distinct from ${kept.fiscalCode}::text as swapped from pupil p
    where p.municipality_id = ${municipalityId} and p.id = ${keptId}::uuid`.execute(trx)
  await sql`select name_merged_pupil(${municipalityId}::uuid, ${keptId}::uuid, ${goneId}::uuid, ${kept.givenName}, ${kept.familyName},
    ${kept.birthDay}::date, ${rows[0]?.swapped ?? false})`.execute(trx)
}
