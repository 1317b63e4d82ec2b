import 'server-only'
import { sql } from 'kysely'
import { asFamily, asStaff, type Trx } from '#db/client.ts'
import { heldHouseholds } from '#lib/access/own-pupils.ts'
import { allowedToFamily, allowedToStaff } from '#lib/access/roles.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { PublicationState } from '#lib/publishing/lifecycle.ts'
import type { FormAnswers } from './conditions.ts'
import {
  type Definition,
  eligiblePupils,
  type FillFacts,
  type FormKind,
  fieldsOf,
  formStateAt,
  isForHousehold,
  type KnownData,
  type ShownSection,
} from './form.ts'
import type { EventKind, SubmissionState } from './submission.ts'

/** The published version of a form, as families meet it. */
export type PublishedForm = {
  id: string
  kind: FormKind
  version: number
  definition: Definition
  yearName: string
  opensAt: Date
  closesAt: Date | null
  closedAt: Date | null
  closedReason: string
  state: PublicationState
  now: Date
}

type FormRow = Omit<PublishedForm, 'state'>

const published = (municipalityId: string) => sql<FormRow>`
  select f.id, f.kind, v.number as version, v.definition, y.name as "yearName", v.opens_at as "opensAt", v.closes_at as "closesAt",
    f.closed_at as "closedAt", f.closed_reason as "closedReason", app_now() as now
  from online_form f
  join online_form_version v on v.municipality_id = f.municipality_id and v.form_id = f.id and v.number = f.published_version
  join school_year y on y.municipality_id = v.municipality_id and y.id = v.school_year_id
  where f.municipality_id = ${municipalityId}`

const withWindow = (row: FormRow): PublishedForm => ({
  ...row,
  state: formStateAt({ ...row, isPublished: true }, row.now),
})

/** A form as it is published now; null when there is none with this id. */
export async function publishedForm(
  trx: Trx,
  municipalityId: string,
  formId: string,
): Promise<PublishedForm | null> {
  const { rows } = await sql<FormRow>`${published(municipalityId)} and f.id = ${formId}::uuid`.execute(trx)
  return rows[0] ? withWindow(rows[0]) : null
}

export type DraftPupil = FillFacts['pupils'][number] & { householdId: string }

/** The children of households, each with the school and class of now, of the next enrolment, or of the last one. */
export async function pupilsOfHouseholds(
  trx: Trx,
  municipalityId: string,
  households: readonly string[],
): Promise<DraftPupil[]> {
  const { rows } = await sql<DraftPupil>`
    select p.id, p.full_name as name, p.household_id as "householdId",
      e.school_id as "schoolId", e.school_class_id as "classId", coalesce(s.name || ', ' || c.name, '') as "where"
    from pupil p
    left join lateral (select * from enrolment e where e.municipality_id = p.municipality_id and e.pupil_id = p.id
      order by (e.valid_from <= app_today() and e.valid_to >= app_today()) desc, e.valid_to desc limit 1) e on true
    left join school s on s.municipality_id = e.municipality_id and s.id = e.school_id
    left join school_class c on c.municipality_id = e.municipality_id and c.id = e.school_class_id
    where p.municipality_id = ${municipalityId} and p.household_id = any(${[...households]}::uuid[])
    order by p.birth_date, p.id`.execute(trx)
  return rows
}

export const schoolsOfMunicipality = (
  trx: Trx,
  municipalityId: string,
): Promise<{ id: string; name: string }[]> =>
  trx
    .selectFrom('school')
    .select(['id', 'name'])
    .where('municipality_id', '=', municipalityId)
    .orderBy('name')
    .execute()

export type FormDraft = {
  id: string
  revision: number
  answers: FormAnswers
  updatedAt: Date
  documents: (FillFacts['documents'][number] & { size: number })[]
}

/** What one's own family has begun to write in a form; null when nothing. Drafts are their author's alone. */
export async function ownDraft(
  trx: Trx,
  viewer: Viewer,
  formId: string,
  householdId: string,
  options: { lock?: boolean } = {},
): Promise<FormDraft | null> {
  const { rows } = await sql<Omit<FormDraft, 'documents'>>`
    select id, revision, answers, updated_at as "updatedAt" from form_draft
    where municipality_id = ${viewer.municipalityId} and form_id = ${formId}::uuid and person_id = ${viewer.personId}
      and household_id = ${householdId}::uuid ${options.lock ? sql`for update` : sql``}`.execute(trx)
  const draft = rows[0]
  if (!draft) return null
  return { ...draft, documents: await documentsOfDraft(trx, viewer.municipalityId, draft.id) }
}

/** The documents of a draft, in the order in which they came. */
export const documentsOfDraft = (
  trx: Trx,
  municipalityId: string,
  draftId: string,
): Promise<FormDraft['documents']> =>
  trx
    .selectFrom('form_document')
    .select(['id', 'field', 'name', 'media_type as mediaType', 'size'])
    .where('municipality_id', '=', municipalityId)
    .where('draft_id', '=', draftId)
    .orderBy('id')
    .execute()

export type FormLine = Pick<PublishedForm, 'id' | 'kind' | 'yearName' | 'opensAt' | 'closesAt' | 'state'> & {
  title: string
  intro: string
  closedReason: string
  hasDraft: boolean
}

export type SubmissionLine = {
  id: string
  title: string
  about: string
  state: SubmissionState
  year: number
  number: number
  submittedAt: Date
  dueOn: Day | null
}

/** The section *Moduli online* of a holder: forms to fill in, forms to come, and what was sent. Null for any other viewer. */
export async function formsFor(
  viewer: Viewer,
): Promise<{ open: FormLine[]; upcoming: FormLine[]; submissions: SubmissionLine[] } | null> {
  if (!allowedToFamily(viewer, 'forms:fill')) return null
  const { municipalityId } = viewer
  return asFamily(viewer, async (trx) => {
    const [{ rows }, pupils, drafts, submissions] = await Promise.all([
      sql<FormRow>`${published(municipalityId)} order by v.opens_at, f.id`.execute(trx),
      pupilsOfHouseholds(trx, municipalityId, heldHouseholds(viewer)),
      trx
        .selectFrom('form_draft')
        .select('form_id')
        .where('municipality_id', '=', municipalityId)
        .where('person_id', '=', viewer.personId)
        .execute(),
      ownSubmissions(trx, viewer),
    ])
    const drafted = new Set(drafts.map((draft) => draft.form_id))
    const lines = rows
      .map(withWindow)
      .filter((form) => isForHousehold(form.definition, pupils))
      .map(({ definition, now: _, closedAt: _closed, version: _version, ...form }) => ({
        ...form,
        title: definition.title,
        intro: definition.intro,
        hasDraft: drafted.has(form.id),
      }))
    return {
      open: lines.filter(({ state }) => state === 'published'),
      upcoming: lines.filter(({ state }) => state === 'scheduled'),
      submissions,
    }
  })
}

async function ownSubmissions(trx: Trx, viewer: Viewer): Promise<SubmissionLine[]> {
  const { rows } = await sql<SubmissionLine>`
    select s.id, v.definition ->> 'title' as title, s.about, s.state, s.protocol_year as year, s.protocol_number as number,
      s.submitted_at as "submittedAt", s.due_on as "dueOn"
    from form_submission s
    join online_form_version v on v.municipality_id = s.municipality_id and v.form_id = s.form_id and v.number = s.version
    where s.municipality_id = ${viewer.municipalityId} and s.person_id = ${viewer.personId}
      and s.household_id = any(${heldHouseholds(viewer)}::uuid[])
    order by s.submitted_at desc, s.id desc limit 100`.execute(trx)
  return rows
}

/** Everything that filling in one form needs. */
export type FormToFill = {
  form: PublishedForm
  household: { id: string; name: string }
  /** Every household in which the viewer may fill it in. */
  households: { id: string; name: string }[]
  draft: FormDraft | null
  facts: FillFacts
  known: Record<KnownData, string>
}

/**
 * A form for one household of the viewer; the first one unless said. Null where there is no such form or household, where
 * the form is not for it, and for a viewer who is not a holder.
 */
export async function formToFill(
  viewer: Viewer,
  formId: string,
  householdId: string | null,
): Promise<FormToFill | null> {
  if (!isUuid(formId) || (householdId !== null && !isUuid(householdId))) return null
  const held = heldHouseholds(viewer)
  if (!allowedToFamily(viewer, 'forms:fill') || (householdId !== null && !held.includes(householdId)))
    return null
  return asFamily(viewer, (trx) => readFormToFill(trx, viewer, formId, householdId))
}

/** The same inside a transaction of the family. */
export async function readFormToFill(
  trx: Trx,
  viewer: Viewer,
  formId: string,
  householdId: string | null,
  options: { lock?: boolean } = {},
): Promise<FormToFill | null> {
  const { municipalityId } = viewer
  const [form, pupils, schools, households, known] = await Promise.all([
    publishedForm(trx, municipalityId, formId),
    pupilsOfHouseholds(trx, municipalityId, heldHouseholds(viewer)),
    schoolsOfMunicipality(trx, municipalityId),
    trx
      .selectFrom('household')
      .select(['id', 'name'])
      .where('municipality_id', '=', municipalityId)
      .where('id', 'in', heldHouseholds(viewer))
      .orderBy('name')
      .execute(),
    knownData(trx, viewer),
  ])
  if (!form || form.state === 'scheduled') return null
  const possible = households.filter(({ id }) =>
    isForHousehold(
      form.definition,
      pupils.filter((pupil) => pupil.householdId === id),
    ),
  )
  const household = householdId ? possible.find(({ id }) => id === householdId) : possible[0]
  if (!household) return null
  const draft = await ownDraft(trx, viewer, formId, household.id, options)
  const own = pupils.filter((pupil) => pupil.householdId === household.id)
  return {
    form,
    household,
    households: possible,
    draft,
    facts: {
      pupils: eligiblePupils(form.definition, own),
      schools,
      documents: draft?.documents ?? [],
    },
    known,
  }
}

async function knownData(trx: Trx, viewer: Viewer): Promise<Record<KnownData, string>> {
  const person = await trx
    .selectFrom('person')
    .select(['email', 'phone', 'street', 'postcode', 'city', 'province'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', viewer.personId)
    .executeTakeFirstOrThrow()
  const place = [person.postcode, person.city, person.province && `(${person.province})`].filter(Boolean)
  return {
    name: viewer.name,
    email: person.email ?? '',
    phone: person.phone ?? '',
    address: [person.street, place.join(' ')].filter(Boolean).join(', '),
  }
}

/** The answers of a draft, with what the portal knows in the fields that were not touched. */
export function answersToStartFrom({ form, draft, known, facts }: FormToFill): FormAnswers {
  const answers: Record<string, FormAnswers[string]> = {}
  for (const field of fieldsOf(form.definition)) {
    const only =
      field.kind === 'pupil' && !field.allowNew && facts.pupils.length === 1 ? facts.pupils[0]?.id : ''
    const proposed = field.known ? known[field.known] : (only ?? '')
    if (proposed) answers[field.id] = proposed
  }
  return { ...answers, ...draft?.answers }
}

export type Milestone = {
  id: string
  kind: EventKind
  at: Date
  byOffice: boolean
  words: string
  dueOn: Day | null
}

export type Submission = SubmissionLine & {
  formId: string
  kind: FormKind
  shown: ShownSection[]
  milestones: Milestone[]
  documents: { id: string; field: string; name: string; mediaType: string; size: number; isKept: boolean }[]
  personName: string
  householdName: string
  yearName: string
  today: Day
}

/** Under this name the documents are kept that the office asked for later. */
export const INTEGRATION_FIELD = 'integrazione'

/** Documents that were sent later, because the office asked. */
export const laterDocuments = (submission: Pick<Submission, 'documents'>) =>
  submission.documents.filter(({ field }) => field === INTEGRATION_FIELD)

/** A request with its milestones and documents, for any reader: the caller has checked the permission. Null when there is none. */
export async function readSubmission(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<(Submission & { personId: string; householdId: string }) | null> {
  const { rows } = await sql<
    Omit<Submission, 'milestones' | 'documents'> & { personId: string; householdId: string }
  >`
    select s.id, s.form_id as "formId", f.kind, v.definition ->> 'title' as title, s.about, s.state, s.protocol_year as year,
      s.protocol_number as number, s.submitted_at as "submittedAt", s.due_on as "dueOn", s.shown, s.person_id as "personId",
      s.household_id as "householdId", p.full_name as "personName", h.name as "householdName",
      y.name as "yearName", app_today() as today
    from form_submission s
    join online_form f on f.municipality_id = s.municipality_id and f.id = s.form_id
    join online_form_version v on v.municipality_id = s.municipality_id and v.form_id = s.form_id and v.number = s.version
    join school_year y on y.municipality_id = v.municipality_id and y.id = v.school_year_id
    join person p on p.municipality_id = s.municipality_id and p.id = s.person_id
    join household h on h.municipality_id = s.municipality_id and h.id = s.household_id
    where s.municipality_id = ${municipalityId} and s.id = ${id}::uuid`.execute(trx)
  const found = rows[0]
  if (!found) return null
  const [milestones, documents] = await Promise.all([
    trx
      .selectFrom('form_event')
      .select(['id', 'kind', 'occurred_at as at', 'by_office as byOffice', 'words', 'due_on as dueOn'])
      .where('municipality_id', '=', municipalityId)
      .where('submission_id', '=', id)
      .orderBy('occurred_at')
      .orderBy('id')
      .execute(),
    trx
      .selectFrom('form_document')
      .select(['id', 'field', 'name', 'media_type as mediaType', 'size'])
      .select(sql<boolean>`content is not null`.as('isKept'))
      .where('municipality_id', '=', municipalityId)
      .where('submission_id', '=', id)
      .orderBy('id')
      .execute(),
  ])
  return { ...found, milestones: milestones as Milestone[], documents }
}

/** One's own request. Null for any other viewer, the other parent included. */
export async function ownSubmission(viewer: Viewer, id: string): Promise<Submission | null> {
  if (!isUuid(id) || !allowedToFamily(viewer, 'forms:fill')) return null
  const found = await asFamily(viewer, (trx) => readSubmission(trx, viewer.municipalityId, id))
  if (!found || found.personId !== viewer.personId) return null
  if (!allowedToFamily(viewer, 'forms:fill', found.householdId)) return null
  const { personId: _person, householdId: _household, ...submission } = found
  return submission
}

export type DocumentFile = { name: string; mediaType: string; bytes: Uint8Array }

/**
 * A document: for the person who uploaded it while they are the holder, or to the office once it was sent; the office's reading is
 * written in the register that the family sees. Null for any other viewer, and for a deleted document.
 */
export async function documentFor(viewer: Viewer, id: string): Promise<DocumentFile | null> {
  if (!isUuid(id)) return null
  if (allowedToFamily(viewer, 'forms:fill')) {
    const own = await asFamily(viewer, (trx) => readDocument(trx, viewer.municipalityId, id))
    const isOwn =
      own?.person_id === viewer.personId && allowedToFamily(viewer, 'forms:fill', own.household_id)
    if (own && isOwn) return fileOf(own)
  }
  if (!allowedToStaff(viewer, 'forms:manage')) return null
  return asStaff(viewer, async (trx) => {
    const row = await readDocument(trx, viewer.municipalityId, id)
    if (!row?.submission_id) return null
    await recordAudit(trx, viewer, {
      action: 'forms.document-read',
      objectType: 'household',
      objectId: row.household_id,
      details: { submission: row.submission_id },
    })
    return fileOf(row)
  })
}

const readDocument = (trx: Trx, municipalityId: string, id: string) =>
  trx
    .selectFrom('form_document')
    .select(['name', 'media_type', 'content', 'household_id', 'person_id', 'submission_id'])
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .executeTakeFirst()

const fileOf = (row: { name: string; media_type: string; content: Buffer | null }): DocumentFile | null =>
  row.content && { name: row.name, mediaType: row.media_type, bytes: row.content }
