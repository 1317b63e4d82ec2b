import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { fillingHouseholds } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { FormKind } from './form.ts'
import type { ShownSection } from './shown-answers.words.ts'
import type { EventKind, SubmissionState } from './submission.ts'

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

export async function ownSubmissions(trx: Trx, viewer: Viewer): Promise<SubmissionLine[]> {
  const { rows } = await sql<SubmissionLine>`
    select s.id, v.definition ->> 'title' as title, s.about, s.state, s.protocol_year as year, s.protocol_number as number,
      s.submitted_at as "submittedAt", s.due_on as "dueOn"
    from form_submission s
    join online_form_version v on v.municipality_id = ${viewer.municipalityId} and v.form_id = s.form_id and v.number = s.version
    where s.municipality_id = ${viewer.municipalityId} and s.person_id = ${viewer.personId}
      and s.household_id = any(${fillingHouseholds(viewer)}::uuid[])
    order by s.submitted_at desc, s.id desc limit 100`.execute(trx)
  return rows
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

/** A submission with its milestones and documents, for any reader: the caller has checked the permission. Null when there is none. */
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
    join online_form f on f.municipality_id = ${municipalityId} and f.id = s.form_id
    join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = s.form_id and v.number = s.version
    join school_year y on y.municipality_id = ${municipalityId} and y.id = v.school_year_id
    join person_name p on p.municipality_id = ${municipalityId} and p.id = s.person_id
    join household h on h.municipality_id = ${municipalityId} and h.id = s.household_id
    where s.municipality_id = ${municipalityId} and s.id = ${id}::uuid`.execute(trx)
  const found = rows[0]
  if (!found) return null
  const [, milestones, documents] = await Promise.all([
    enterSubject(trx, 'submissions'),
    trx
      .selectFrom('form_event')
      .select(['id', 'kind', 'occurred_at as at', 'by_office as byOffice', 'words', 'due_on as dueOn'])
      .where('municipality_id', '=', municipalityId)
      .where('submission_id', '=', id)
      // As they happened: an event takes its id under the lock of the submission, its hour is that of the transaction's begin.
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

/** One's own submission. Null for any other viewer, the other parent included. */
export async function ownSubmission(viewer: Viewer, id: string): Promise<Submission | null> {
  if (!isUuid(id) || !allowedToFamily(viewer, 'forms:fill')) return null
  const found = await readAsFamily(viewer, (trx) => readSubmission(trx, viewer.municipalityId, id))
  if (!found || found.personId !== viewer.personId) return null
  if (!allowedToFamily(viewer, 'forms:fill', found.householdId)) return null
  const { personId: _person, householdId: _household, ...submission } = found
  return submission
}
