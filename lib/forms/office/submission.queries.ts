import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { FormAnswers } from '../conditions.ts'
import type { FormKind } from '../form.ts'
import type { ShownSection } from '../shown-answers.words.ts'
import { readSubmission, type Submission } from '../submission.queries.ts'
import type { SubmissionState } from '../submission.ts'
import { effectFacts, proposalOf } from './acceptance.queries.ts'
import type { EffectFacts, TypedDecision } from './effects.ts'
import type { QueueFilter } from './submission.address.ts'

export type QueueLine = {
  id: string
  year: number
  number: number
  about: string
  personName: string
  state: SubmissionState
  submittedAt: Date
  assignee: string | null
  dueOn: Day | null
  isLate: boolean
}

export type Queue = { title: string; kind: FormKind; lines: QueueLine[]; counts: Record<string, number> }

const MOST = 500

const matching = (viewer: Viewer, formId: string, { state, mine, text }: QueueFilter) => sql`
  s.form_id = ${formId}::uuid
  ${state === 'waiting' ? sql`and s.decided_at is null` : state ? sql`and s.state = ${state}` : sql``}
  ${mine ? sql`and s.assigned_to = ${viewer.personId}` : sql``}
  ${
    text
      ? sql`and (${holdsWords(sql`search_key(s.about) || p.search_key`, text)}
    or s.protocol_number || '/' || s.protocol_year = ${text})`
      : sql``
  }`

/** The submissions of a form, those that wait longest first. The reading is registered. Null for a viewer who may not. */
export async function queueOf(viewer: Viewer, formId: string, filter: QueueFilter): Promise<Queue | null> {
  if (!allowedToStaff(viewer, 'forms:manage') || !isUuid(formId)) return null
  return asStaff(viewer, async (trx) => {
    const form = await formHead(trx, viewer.municipalityId, formId)
    if (!form) return null
    const [lines, counts] = await Promise.all([
      sql<QueueLine>`
        select s.id, s.protocol_year as year, s.protocol_number as number, s.about, s.state, s.submitted_at as "submittedAt",
          p.full_name as "personName", a.full_name as assignee,
          s.due_on as "dueOn", coalesce(s.due_on < app_today(), false) as "isLate"
        from form_submission s
        join person p on p.municipality_id = ${viewer.municipalityId} and p.id = s.person_id
        left join person a on a.municipality_id = ${viewer.municipalityId} and a.id = s.assigned_to
        where s.municipality_id = ${viewer.municipalityId} and ${matching(viewer, formId, filter)}
        order by s.decided_at is not null, s.submitted_at, s.id limit ${MOST}`.execute(trx),
      sql<{ state: string; count: number }>`select state, count(*)::int as count from form_submission
        where municipality_id = ${viewer.municipalityId} and form_id = ${formId}::uuid group by state`.execute(
        trx,
      ),
      recordAudit(trx, viewer, { action: 'forms.queue-read', objectType: 'online_form', objectId: formId }),
    ])
    return {
      ...form,
      lines: lines.rows,
      counts: Object.fromEntries(counts.rows.map(({ state, count }) => [state, count])),
    }
  })
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
