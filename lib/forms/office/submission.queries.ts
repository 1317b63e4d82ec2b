import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { readListState } from '#lib/lists/list.address.ts'
import { type ListSource, linesMatching, readListPage } from '#lib/lists/list.queries.ts'
import { type DownloadedList, filtersUsed, type ListRow, listFor, type OpenedList } from '#lib/lists/list.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { MOST_OFFERED, type NamedClass } from '#lib/school/office/class-choice.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'
import type { Lack } from '../completeness.ts'
import type { FormAnswers } from '../conditions.ts'
import type { FormKind } from '../form.ts'
import { protocolInWords } from '../protocol.ts'
import type { ShownSection } from '../shown-answers.words.ts'
import { readSubmission, type Submission } from '../submission.queries.ts'
import { STATES_IN_WORDS, type SubmissionState } from '../submission.ts'
import { effectFacts, proposalOf } from './acceptance.queries.ts'
import type { EffectFacts, TypedDecision } from './effects.ts'
import { readOlderLacks } from './older-lacks.commands.ts'
import { QUEUE_LIST, QUEUE_OF_FORM } from './queue.list.ts'
import { LACKS_IN_WORDS, type QueueFilter, readQueueFilter, UNDECIDED } from './submission.address.ts'

/** A page of the queue, with what its batches choose among. */
export type Queue = OpenedList & {
  /** How many requests there are at all. */
  all: number
  forms: { id: string; title: string; kind: FormKind }[]
  /** Null: they are too many to choose from. */
  classes: NamedClass[] | null
  tomorrow: Day
}

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

/** The requests of a filter as a list. All of them together are few: the filter is one condition, and not walked. */
const queueSource = (viewer: Viewer, filter: QueueFilter): ListSource => ({
  from: () => sql`from ${queueTables(viewer.municipalityId)} where ${matching(viewer, filter)}`,
  line: { name: sql`s`, columns: sql`s.id, s.submitted_at, s.about, s.due_on` },
  id: sql`s.id`,
  base: () => sql`to_char(s.submitted_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`,
  baseKey: 'inviata',
  sorts: { nome: sql`search_key(s.about)`, entro: sql`s.due_on` },
  filters: {},
  read: (trx, ids) => readQueueLines(trx, viewer.municipalityId, ids),
})

async function readQueueLines(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<ListRow[]> {
  type Line = {
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
  const { rows } = await sql<Line>`
    select s.id, s.form_id as "formId", v.definition ->> 'title' as title, s.protocol_year as year, s.protocol_number as number,
      s.about, s.state, s.submitted_at as "submittedAt", p.full_name as "personName", a.full_name as assignee, c.name as school,
      s.due_on as "dueOn", coalesce(s.due_on < app_today(), false) as "isLate",
      case when s.decided_at is null then ${lacksNow(municipalityId)} else '{}' end as lacks
    from ${queueTables(municipalityId)}
    left join person a on a.municipality_id = ${municipalityId} and a.id = s.assigned_to
    left join school c on c.municipality_id = ${municipalityId} and c.id = s.school_id
    where s.municipality_id = ${municipalityId} and s.id = any(${[...ids]}::uuid[])`.execute(trx)
  return rows.map((line) => ({
    id: line.id,
    href: `moduli/${line.formId}/domande/${line.id}`,
    cells: {
      protocollo: protocolInWords(line),
      stato: italian(STATES_IN_WORDS[line.state]),
      nome: line.about,
      da: line.personName,
      manca: line.lacks.map((lack) => LACKS_IN_WORDS[lack].words).join(', '),
      entro: line.dueOn && (line.isLate ? `Scaduta: ${numericDay(line.dueOn)}` : numericDay(line.dueOn)),
      modulo: line.title,
      scuola: line.school,
      inviata: instantInWords(line.submittedAt),
      assegnata: line.assignee ?? 'nessuno',
    },
  }))
}

/** What the queue's filters choose among; each state with how many requests are in it. */
async function queueOptions(
  trx: Trx,
  municipalityId: string,
  formId: string,
  { forms, schools }: Pick<QueueChoices, 'forms' | 'schools'>,
): Promise<{ all: number; options: OpenedList['options'] }> {
  const { rows } = await sql<{
    state: SubmissionState
    count: number
  }>`select state, count(*)::int as count from form_submission
    where municipality_id = ${municipalityId} ${formId ? sql`and form_id = ${formId}::uuid` : sql``} group by state`.execute(
    trx,
  )
  const countOf = (state: string) => rows.find((row) => row.state === state)?.count ?? 0
  return {
    all: rows.reduce((sum, { count }) => sum + count, 0),
    options: {
      stato: [
        { value: UNDECIDED, label: 'Da decidere' },
        ...(Object.keys(STATES_IN_WORDS) as SubmissionState[]).map((state) => ({
          value: state,
          label: `${italian(STATES_IN_WORDS[state])} (${countOf(state)})`,
        })),
      ],
      modulo: forms.map(({ id, title }) => ({ value: id, label: title || 'Modulo senza titolo' })),
      scuola: schools.map(({ id, name }) => ({ value: id, label: name })),
    },
  }
}

/** What an address asks of the queue, of all forms or of one. */
function askedOf(viewer: Viewer, params: SearchParams, formId: string) {
  const list = listFor(formId ? QUEUE_OF_FORM : QUEUE_LIST, viewer)
  const state = readListState(list, params)
  const filter = readQueueFilter({ ...state.filters, stato: state.filters.stato ?? '' })
  return { list, state, filter: formId ? { ...filter, formId } : filter }
}

/**
 * A page of the requests of all forms, or of one. The reading is registered. Null for a viewer who may not, and for a form that does
 * not exist.
 */
export async function queueOf(viewer: Viewer, params: SearchParams, formId = ''): Promise<Queue | null> {
  if (!allowedToStaff(viewer, 'forms:manage') || (formId && !isUuid(formId))) return null
  const { municipalityId } = viewer
  const { list, state, filter } = askedOf(viewer, params, formId)
  return asStaff(viewer, async (trx) => {
    if (formId && !(await formHead(trx, municipalityId, formId))) return null
    await readOlderLacks(trx, municipalityId)
    const { forms, schools, classes, tomorrow } = await queueChoices(trx, municipalityId)
    const found = await queueOptions(trx, municipalityId, formId, { forms, schools })
    const page = await readListPage(trx, queueSource(viewer, filter), state)
    await recordAudit(
      trx,
      viewer,
      formId
        ? { action: 'forms.queue-read', objectType: 'online_form', objectId: formId }
        : { action: 'forms.queue-read', objectType: 'municipality', objectId: municipalityId },
    )
    return { ...found, list, state, page, forms, classes, tomorrow }
  })
}

/** All of them for a file, without their answers; that it was taken is written down before. Null for a viewer who may not. */
export async function queueToDownload(viewer: Viewer, params: SearchParams): Promise<DownloadedList | null> {
  if (!allowedToStaff(viewer, 'forms:manage')) return null
  const { list, state, filter } = askedOf(viewer, params, '')
  await asStaff(viewer, async (trx) => {
    await readOlderLacks(trx, viewer.municipalityId)
    await recordAudit(trx, viewer, {
      action: 'forms.queue-downloaded',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    })
  })
  return { list, state, batches: linesMatching(viewer, queueSource(viewer, filter), state) }
}

type QueueChoices = Pick<Queue, 'forms' | 'classes' | 'tomorrow'> & {
  schools: { id: string; name: string }[]
}

/** The forms, schools and classes that the queue's filters and batches choose among. */
async function queueChoices(trx: Trx, municipalityId: string): Promise<QueueChoices> {
  const { rows } = await sql<QueueChoices>`
    select coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'title', v.definition ->> 'title')
          order by v.definition ->> 'title', f.id)
        from online_form f
        join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = f.id and v.number = f.latest_version
        where f.municipality_id = ${municipalityId}), '[]') as forms,
      coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name, s.id) from school s
        where s.municipality_id = ${municipalityId}), '[]') as schools,
      (select case when count(*) <= ${MOST_OFFERED}
          then coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name) order by o.starts_on desc, o.place), '[]') end
        from (select c.id, y.name || ' · ' || s.name || ', ' || c.name as name, y.starts_on, row(s.name, c.name) as place
          from school_class c
          join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
          join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
          where c.municipality_id = ${municipalityId} and (c.valid_to is null or c.valid_to >= app_today())
          limit ${MOST_OFFERED + 1}) o) as classes,
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
    order by s.submitted_at, s.id limit ${most}`.execute(trx)
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
