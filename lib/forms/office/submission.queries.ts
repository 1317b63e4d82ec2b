import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import type { Lack } from '../completeness.ts'
import type { FormAnswers } from '../conditions.ts'
import type { FormKind } from '../form.ts'
import type { ShownSection } from '../shown-answers.words.ts'
import { readSubmission, type Submission } from '../submission.queries.ts'
import type { SubmissionState } from '../submission.ts'
import { effectFacts, proposalOf } from './acceptance.queries.ts'
import type { EffectFacts, TypedDecision } from './effects.ts'
import { readOlderLacks } from './older-lacks.commands.ts'
import type { QueueFilter, QueueSort } from './submission.address.ts'

export type QueueLine = {
  id: string
  formId: string
  title: string
  year: number
  number: number
  about: string
  personName: string
  school: string | null
  state: SubmissionState
  submittedAt: Date
  assignee: string | null
  dueOn: Day | null
  isLate: boolean
  lacks: Lack[]
}

/** One page of the queue, with the total of the filter and what the filter may choose among. */
export type Queue = {
  lines: QueueLine[]
  total: number
  pages: number
  counts: Record<string, number>
  forms: { id: string; title: string; kind: FormKind }[]
  schools: { id: string; name: string }[]
  classes: { id: string; name: string }[]
  tomorrow: Day
}

export const QUEUE_PAGE = 50

/** What a request lacks today. A diet that was decided goes on with the pupil. */
const lacksNow = (municipalityId: string) => sql`array_remove(array[
  case when s.state = 'integration' or 'documents' = any(s.lacks) then 'documents' end,
  case when 'diet' = any(s.lacks) and (f.kind = 'diet' or coalesce((select e.diet_code from enrolment e
      where e.municipality_id = ${municipalityId} and e.pupil_id = s.pupil_id order by e.valid_to desc limit 1), ${COMMON_DIET})
    in (${COMMON_DIET}, ${UNDECIDED_DIET})) then 'diet' end,
  case when 'code' = any(s.lacks) then 'code' end,
  case when f.kind = 'enrolment' and not exists (select from school_class c where c.municipality_id = ${municipalityId}
    and c.school_id = s.school_id and c.school_year_id = v.school_year_id
    and (c.valid_to is null or c.valid_to >= app_today())) then 'class' end], null)`

const queueTables = (municipalityId: string) => sql`
  form_submission s
  join online_form f on f.municipality_id = ${municipalityId} and f.id = s.form_id
  join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = s.form_id and v.number = s.version
  join person p on p.municipality_id = ${municipalityId} and p.id = s.person_id`

const matching = (viewer: Viewer, filter: QueueFilter) => sql`
  s.municipality_id = ${viewer.municipalityId}
  ${filter.formId ? sql`and s.form_id = ${filter.formId}::uuid` : sql``}
  ${filter.state === 'waiting' ? sql`and s.decided_at is null` : filter.state ? sql`and s.state = ${filter.state}` : sql``}
  ${filter.mine ? sql`and s.assigned_to = ${viewer.personId}` : sql``}
  ${filter.schoolId ? sql`and s.school_id = ${filter.schoolId}::uuid` : sql``}
  ${filter.waited ? sql`and s.submitted_at < app_now() - make_interval(days => ${filter.waited})` : sql``}
  ${filter.lack === 'none' ? sql`and ${lacksNow(viewer.municipalityId)} = '{}'` : sql``}
  ${filter.lack && filter.lack !== 'none' ? sql`and ${filter.lack} = any(${lacksNow(viewer.municipalityId)})` : sql``}
  ${
    filter.text
      ? sql`and (${holdsWords(sql`search_key(s.about) || p.search_key`, filter.text)}
    or s.protocol_number || '/' || s.protocol_year = ${filter.text})`
      : sql``
  }`

const ORDERS: Record<QueueSort, ReturnType<typeof sql>> = {
  attesa: sql`s.submitted_at, s.id`,
  recenti: sql`s.submitted_at desc, s.id desc`,
  nome: sql`search_key(s.about), s.submitted_at, s.id`,
}

/**
 * One page of the submissions of a filter. The reading is registered. Null for a viewer who may not, and for a form that does
 * not exist.
 */
export async function queueOf(viewer: Viewer, filter: QueueFilter): Promise<Queue | null> {
  if (!allowedToStaff(viewer, 'forms:manage') || (filter.formId && !isUuid(filter.formId))) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    if (filter.formId && !(await formHead(trx, municipalityId, filter.formId))) return null
    await readOlderLacks(trx, municipalityId)
    const [lines, total, counts, choices] = await Promise.all([
      sql<QueueLine>`
        select s.id, s.form_id as "formId", v.definition ->> 'title' as title, s.protocol_year as year, s.protocol_number as number,
          s.about, s.state, s.submitted_at as "submittedAt", p.full_name as "personName", a.full_name as assignee, c.name as school,
          s.due_on as "dueOn", coalesce(s.due_on < app_today(), false) as "isLate",
          case when s.decided_at is null then ${lacksNow(municipalityId)} else '{}' end as lacks
        from ${queueTables(municipalityId)}
        left join person a on a.municipality_id = ${municipalityId} and a.id = s.assigned_to
        left join school c on c.municipality_id = ${municipalityId} and c.id = s.school_id
        where ${matching(viewer, filter)}
        order by ${ORDERS[filter.sort]} limit ${QUEUE_PAGE} offset ${(filter.page - 1) * QUEUE_PAGE}`.execute(
        trx,
      ),
      sql<{ total: number }>`select count(*)::int as total from ${queueTables(municipalityId)}
        where ${matching(viewer, filter)}`.execute(trx),
      sql<{ state: string; count: number }>`select state, count(*)::int as count from form_submission
        where municipality_id = ${municipalityId} ${filter.formId ? sql`and form_id = ${filter.formId}::uuid` : sql``}
        group by state`.execute(trx),
      queueChoices(trx, municipalityId),
      recordAudit(
        trx,
        viewer,
        filter.formId
          ? { action: 'forms.queue-read', objectType: 'online_form', objectId: filter.formId }
          : { action: 'forms.queue-read', objectType: 'municipality', objectId: municipalityId },
      ),
    ])
    const found = total.rows[0]?.total ?? 0
    return {
      ...choices,
      lines: lines.rows,
      total: found,
      pages: Math.max(1, Math.ceil(found / QUEUE_PAGE)),
      counts: Object.fromEntries(counts.rows.map(({ state, count }) => [state, count])),
    }
  })
}

/** The forms, schools and classes that the queue's filters and batches choose among. */
async function queueChoices(
  trx: Trx,
  municipalityId: string,
): Promise<Pick<Queue, 'forms' | 'schools' | 'classes' | 'tomorrow'>> {
  const { rows } = await sql<Pick<Queue, 'forms' | 'schools' | 'classes' | 'tomorrow'>>`
    select coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'title', v.definition ->> 'title')
          order by v.definition ->> 'title', f.id)
        from online_form f
        join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = f.id and v.number = f.latest_version
        where f.municipality_id = ${municipalityId}), '[]') as forms,
      coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name, s.id) from school s
        where s.municipality_id = ${municipalityId}), '[]') as schools,
      coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', y.name || ' · ' || s.name || ', ' || c.name)
          order by y.starts_on desc, s.name, c.name)
        from school_class c
        join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
        join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
        where c.municipality_id = ${municipalityId} and (c.valid_to is null or c.valid_to >= app_today())), '[]') as classes,
      (app_today() + 1)::text as tomorrow`.execute(trx)
  return rows[0] as NonNullable<(typeof rows)[0]>
}

/** What one request lacks now. */
export async function lacksOf(trx: Trx, municipalityId: string, id: string): Promise<Lack[]> {
  const { rows } = await sql<{
    lacks: Lack[]
  }>`select ${lacksNow(municipalityId)} as lacks from ${queueTables(municipalityId)}
    where s.municipality_id = ${municipalityId} and s.id = ${id}::uuid`.execute(trx)
  return rows[0]?.lacks ?? []
}

/** The ids of a filter, in its order: what "all that were found" means when a batch is made. */
export async function idsInQueue(
  trx: Trx,
  viewer: Viewer,
  filter: QueueFilter,
  most: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from ${queueTables(viewer.municipalityId)} where ${matching(viewer, filter)}
    order by ${ORDERS[filter.sort]} limit ${most}`.execute(trx)
  return rows.map(({ id }) => id)
}

async function formHead(trx: Trx, municipalityId: string, formId: string) {
  const { rows } = await sql<{ title: string; kind: FormKind }>`
    select v.definition ->> 'title' as title, f.kind from online_form f
    join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = f.id and v.number = f.latest_version
    where f.municipality_id = ${municipalityId} and f.id = ${formId}::uuid`.execute(trx)
  return rows[0] ?? null
}

export type ExportLine = {
  year: number
  number: number
  submittedAt: Date
  state: SubmissionState
  about: string
  personName: string
  decidedAt: Date | null
  shown: ShownSection[]
}

/** Every submission of a form with its answers, for a spreadsheet; each family reads that it happened. */
export async function submissionsToExport(viewer: Viewer, formId: string): Promise<ExportLine[] | null> {
  if (!allowedToStaff(viewer, 'forms:manage') || !isUuid(formId)) return null
  return asStaff(viewer, async (trx) => {
    if (!(await formHead(trx, viewer.municipalityId, formId))) return null
    const { rows } = await sql<ExportLine & { householdId: string }>`
      select s.protocol_year as year, s.protocol_number as number, s.submitted_at as "submittedAt", s.state, s.about, s.shown,
        p.full_name as "personName", s.decided_at as "decidedAt", s.household_id as "householdId"
      from form_submission s
      join person p on p.municipality_id = ${viewer.municipalityId} and p.id = s.person_id
      where s.municipality_id = ${viewer.municipalityId} and s.form_id = ${formId}::uuid
      order by s.protocol_year, s.protocol_number limit 5000`.execute(trx)
    for (const householdId of new Set(rows.map((row) => row.householdId))) {
      await recordAudit(trx, viewer, {
        action: 'forms.exported',
        objectType: 'household',
        objectId: householdId,
      })
    }
    return rows.map(({ householdId: _, ...line }) => line)
  })
}

export type Colleague = { id: string; name: string }

/** A submission as the office handles it. */
export type Review = Submission & {
  formId: string
  assignedTo: string | null
  assignee: string | null
  colleagues: Colleague[]
  answers: FormAnswers
  contacts: { email: string | null; phone: string | null; isPhoneVerified: boolean }
  facts: EffectFacts
  /** What the office most likely writes: proposals, never decisions. */
  proposed: TypedDecision
  /** From when to when the last document may be asked for. */
  tomorrow: Day
}

/** One submission to decide; the reading is written in the register that the family sees. Null for a viewer who may not. */
export async function reviewOf(viewer: Viewer, formId: string, id: string): Promise<Review | null> {
  if (!allowedToStaff(viewer, 'forms:manage') || !isUuid(id) || !isUuid(formId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const found = await readSubmission(trx, municipalityId, id)
    if (!found || found.formId !== formId) return null
    const { householdId, personId, ...submission } = found
    const [ofOffice, contacts, facts] = await Promise.all([
      officeSide(trx, municipalityId, id),
      trx
        .selectFrom('person')
        .select(['email', 'phone', sql<boolean>`phone_verified_at is not null`.as('isPhoneVerified')])
        .where('municipality_id', '=', municipalityId)
        .where('id', '=', personId)
        .executeTakeFirstOrThrow(),
      effectFacts(trx, municipalityId, id, { lock: false }),
      recordAudit(trx, viewer, {
        action: 'forms.request-read',
        objectType: 'household',
        objectId: householdId,
        details: { submission: id },
      }),
    ])
    return {
      ...submission,
      ...ofOffice,
      contacts,
      facts: facts.facts,
      proposed: proposalOf(facts, found.state),
    }
  })
}

async function officeSide(trx: Trx, municipalityId: string, id: string) {
  const [{ rows }, colleagues] = await Promise.all([
    sql<Pick<Review, 'assignedTo' | 'assignee' | 'answers' | 'tomorrow'>>`
      select s.assigned_to as "assignedTo", s.answers, a.full_name as assignee, (app_today() + 1) as tomorrow
      from form_submission s left join person a on a.municipality_id = ${municipalityId} and a.id = s.assigned_to
      where s.municipality_id = ${municipalityId} and s.id = ${id}::uuid`.execute(trx),
    colleaguesOf(trx, municipalityId),
  ])
  return { ...(rows[0] as NonNullable<(typeof rows)[0]>), colleagues }
}

/** The people to whom a submission may be assigned: those who manage forms now. */
export async function colleaguesOf(trx: Trx, municipalityId: string): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    select distinct p.id, p.full_name as name from active_staff_member m
    join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
    where m.municipality_id = ${municipalityId} and m.role in ('operator', 'manager')
    order by name, id`.execute(trx)
  return rows
}
