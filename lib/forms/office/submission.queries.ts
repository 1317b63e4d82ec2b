import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/roles.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { type Day, parseDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { firstOpenDay } from '#lib/school/office/suspension.queries.ts'
import { faresOf, offeredBands } from '#lib/tariffs/tariff.queries.ts'
import { type FormAnswers, textOf } from '../conditions.ts'
import { readSubmission, type Submission } from '../form.queries.ts'
import {
  type Definition,
  type FormKind,
  fieldOfRole,
  NEW_PUPIL,
  type Role,
  type ShownSection,
} from '../form.ts'
import type { SubmissionState } from '../submission.ts'
import type { EffectFacts, Enrolled, TypedDecision } from './effects.ts'
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
  s.municipality_id = ${viewer.municipalityId} and s.form_id = ${formId}::uuid
  ${state === 'waiting' ? sql`and s.decided_at is null` : state ? sql`and s.state = ${state}` : sql``}
  ${mine ? sql`and s.assigned_to = ${viewer.personId}` : sql``}
  ${
    text
      ? sql`and (strpos(lower(s.about || ' ' || p.full_name), lower(${text})) > 0
    or s.protocol_number || '/' || s.protocol_year = ${text})`
      : sql``
  }`

/** The requests of a form, those that wait longest first. The reading is registered. Null for a viewer who may not. */
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
        join person p on p.municipality_id = s.municipality_id and p.id = s.person_id
        left join person a on a.municipality_id = s.municipality_id and a.id = s.assigned_to
        where ${matching(viewer, formId, filter)}
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
    join online_form_version v on v.municipality_id = f.municipality_id and v.form_id = f.id and v.number = f.latest_version
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

/** Every request of a form with its answers, for a spreadsheet; each family reads that it happened. */
export async function submissionsToExport(viewer: Viewer, formId: string): Promise<ExportLine[] | null> {
  if (!allowedToStaff(viewer, 'forms:manage') || !isUuid(formId)) return null
  return asStaff(viewer, async (trx) => {
    if (!(await formHead(trx, viewer.municipalityId, formId))) return null
    const { rows } = await sql<ExportLine & { householdId: string }>`
      select s.protocol_year as year, s.protocol_number as number, s.submitted_at as "submittedAt", s.state, s.about, s.shown,
        p.full_name as "personName", s.decided_at as "decidedAt", s.household_id as "householdId"
      from form_submission s
      join person p on p.municipality_id = s.municipality_id and p.id = s.person_id
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

/** A request as the office handles it. */
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

/** One request to decide; the reading is written in the register that the family sees. Null for a viewer who may not. */
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
    return { ...submission, ...ofOffice, contacts, facts: facts.facts, proposed: proposalOf(facts) }
  })
}

async function officeSide(trx: Trx, municipalityId: string, id: string) {
  const [{ rows }, colleagues] = await Promise.all([
    sql<Pick<Review, 'assignedTo' | 'assignee' | 'answers' | 'tomorrow'>>`
      select s.assigned_to as "assignedTo", s.answers, a.full_name as assignee, (app_today() + 1) as tomorrow
      from form_submission s left join person a on a.municipality_id = s.municipality_id and a.id = s.assigned_to
      where s.municipality_id = ${municipalityId} and s.id = ${id}::uuid`.execute(trx),
    colleaguesOf(trx, municipalityId),
  ])
  return { ...(rows[0] as NonNullable<(typeof rows)[0]>), colleagues }
}

/** The people to whom a request may be assigned: those who manage forms now. */
export async function colleaguesOf(trx: Trx, municipalityId: string): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    select distinct p.id, p.full_name as name from active_staff_member m
    join person p on p.municipality_id = m.municipality_id and p.id = m.person_id
    where m.municipality_id = ${municipalityId} and m.role in ('operator', 'manager')
    order by name, id`.execute(trx)
  return rows
}

/** The canteen around one request, and where to write what follows from it. */
export type EffectsOfRequest = {
  kind: FormKind
  definition: Definition
  answers: FormAnswers
  householdId: string
  serviceId: string
  facts: EffectFacts
}

type Asked = {
  kind: FormKind
  definition: Definition
  answers: FormAnswers
  householdId: string
  pupilId: string | null
  about: string
  yearId: string
  yearEndsOn: Day
  serviceId: string
}

async function readAsked(trx: Trx, municipalityId: string, id: string): Promise<Asked> {
  const { rows } = await sql<Asked>`
    select f.kind, v.definition, s.answers, s.household_id as "householdId", s.pupil_id as "pupilId", s.about,
      v.school_year_id as "yearId", y.ends_on as "yearEndsOn",
      (select e.id from service e where e.municipality_id = s.municipality_id and e.active order by e.id limit 1) as "serviceId"
    from form_submission s
    join online_form f on f.municipality_id = s.municipality_id and f.id = s.form_id
    join online_form_version v on v.municipality_id = s.municipality_id and v.form_id = s.form_id and v.number = s.version
    join school_year y on y.municipality_id = v.municipality_id and y.id = v.school_year_id
    where s.municipality_id = ${municipalityId} and s.id = ${id}::uuid`.execute(trx)
  return rows[0] as Asked
}

const answerOf = ({ definition, answers }: Pick<Asked, 'definition' | 'answers'>, role: Role): string => {
  const field = fieldOfRole(definition, role)
  return textOf(field && answers[field.id])
}

/**
 * What a decision on a request works with.
 * @param options.lock holds the next days of the service open against the closing: what is decided now holds for them whole
 */
export async function effectFacts(
  trx: Trx,
  municipalityId: string,
  id: string,
  options: { lock: boolean },
): Promise<EffectsOfRequest> {
  const asked = await readAsked(trx, municipalityId, id)
  const newPupil = newPupilOf(asked)
  const known = newPupil ? await pupilWithCode(trx, municipalityId, newPupil.fiscalCode) : null
  const pupilId = asked.pupilId ?? (known?.householdId === asked.householdId ? known.id : null)
  const enrolments = pupilId ? await enrolmentsOf(trx, municipalityId, asked.serviceId, pupilId, options) : []
  const schools = [
    ...new Set([...enrolments.map(({ schoolId }) => schoolId), answerOf(asked, 'school')]),
  ].filter(isUuid)
  const [firstDay, fares, classes, diets, bands] = await Promise.all([
    firstOpenDay(trx, municipalityId, asked.serviceId, schools, options),
    pupilId === null ? [] : faresOf(trx, municipalityId, asked.serviceId, pupilId),
    classesOf(trx, municipalityId, asked),
    trx
      .selectFrom('diet')
      .select(['code', 'name'])
      .where('municipality_id', '=', municipalityId)
      .orderBy('code')
      .execute(),
    offeredBands(trx, municipalityId, asked.serviceId),
  ])
  return {
    kind: asked.kind,
    definition: asked.definition,
    answers: asked.answers,
    householdId: asked.householdId,
    serviceId: asked.serviceId,
    facts: {
      pupil: { id: pupilId, name: asked.about },
      newPupil: pupilId ? null : newPupil,
      elsewhere: known !== null && known.householdId !== asked.householdId,
      enrolments,
      fares,
      firstDay,
      classes,
      diets,
      standardDiet: diets.some(({ code }) => code === STANDARD_DIET)
        ? STANDARD_DIET
        : (diets[0]?.code ?? STANDARD_DIET),
      bands,
      yearEndsOn: asked.yearEndsOn,
    },
  }
}

const STANDARD_DIET = 'STD'

function newPupilOf(asked: Asked): EffectFacts['newPupil'] {
  if (answerOf(asked, 'pupil') !== NEW_PUPIL) return null
  const birthDay = parseDay(answerOf(asked, 'birthDay'))
  if (!birthDay) return null
  return {
    givenName: answerOf(asked, 'givenName'),
    familyName: answerOf(asked, 'familyName'),
    fiscalCode: answerOf(asked, 'fiscalCode'),
    birthDay,
  }
}

const pupilWithCode = async (trx: Trx, municipalityId: string, fiscalCode: string) =>
  (await trx
    .selectFrom('pupil')
    .select(['id', 'household_id as householdId'])
    .where('municipality_id', '=', municipalityId)
    .where('fiscal_code', '=', fiscalCode)
    .executeTakeFirst()) ?? null

async function enrolmentsOf(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  pupilId: string,
  { lock }: { lock: boolean },
): Promise<Enrolled[]> {
  const { rows } = await sql<Enrolled>`
    select e.id, e.school_id as "schoolId", e.school_class_id as "classId", e.school_year_id as "yearId",
      s.name || ', ' || c.name as "where", e.diet_code as "dietCode", e.valid_from as "from", e.valid_to as "to"
    from enrolment e
    join school s on s.municipality_id = e.municipality_id and s.id = e.school_id
    join school_class c on c.municipality_id = e.municipality_id and c.id = e.school_class_id
    where e.municipality_id = ${municipalityId} and e.service_id = ${serviceId} and e.pupil_id = ${pupilId}
    order by e.valid_from ${lock ? sql`for update of e` : sql``}`.execute(trx)
  return rows
}

async function classesOf(trx: Trx, municipalityId: string, { yearId, serviceId }: Asked) {
  const { rows } = await sql<EffectFacts['classes'][number]>`
    select c.id, c.name, c.school_id as "schoolId", s.name as "schoolName", c.school_year_id as "yearId",
      coalesce(t.starts_on, y.starts_on) as "from", coalesce(t.ends_on, y.ends_on) as "to"
    from school_class c
    join school s on s.municipality_id = c.municipality_id and s.id = c.school_id
    join school_year y on y.municipality_id = c.municipality_id and y.id = c.school_year_id
    left join service_schedule t on t.municipality_id = c.municipality_id and t.school_id = c.school_id
      and t.school_year_id = c.school_year_id and t.service_id = ${serviceId}
    where c.municipality_id = ${municipalityId} and c.school_year_id = ${yearId}
    order by s.name, c.name`.execute(trx)
  return rows
}

function proposalOf({ kind, definition, answers, facts }: EffectsOfRequest): TypedDecision {
  const wished = parseDay(answerOf({ definition, answers }, 'from'))
  const from = wished && wished >= facts.firstDay ? wished : facts.firstDay
  const school = answerOf({ definition, answers }, 'school')
  const inSchool = facts.classes.filter(({ schoolId }) => schoolId === school)
  const starts = inSchool[0]?.from ?? from
  return {
    classId: inSchool.length === 1 ? (inSchool[0]?.id ?? '') : '',
    dietCode: '',
    bandCode: facts.bands.length === 1 ? (facts.bands[0]?.code ?? '') : '',
    from: kind === 'enrolment' && starts > from ? starts : kind === 'withdrawal' ? (wished ?? from) : from,
    to: kind === 'fare' ? facts.yearEndsOn : '',
  }
}
