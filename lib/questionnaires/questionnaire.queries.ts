import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type PublicationState, stateAt } from '#lib/publishing/lifecycle.ts'
import {
  type Answer,
  type AnswerCount,
  type AskedQuestion,
  type Per,
  questionnaireLife,
} from './questionnaire.ts'

/** A child, or the household, that is to answer; and who has, where the questionnaire knows. */
export type Subject = {
  householdId: string
  /** Null: the household answers as one. */
  pupilId: string | null
  /** The child's given name; the household's name when it answers as one. */
  name: string
  isAnswered: boolean
  /** Of a questionnaire with names only. */
  answeredBy: string | null
  answeredAt: Date | null
  isOwn: boolean
  part: string | null
}

/** A questionnaire as a family meets it. */
export type FamilyQuestionnaire = {
  id: string
  title: string
  intro: string
  per: Per
  anonymous: boolean
  showsResults: boolean
  opensAt: Date
  closesAt: Date
  state: PublicationState
  subjects: Subject[]
}

type Row = Omit<FamilyQuestionnaire, 'state' | 'subjects'> & {
  version: number
  publishedAt: Date
  now: Date
  subjects: (Omit<Subject, 'answeredAt'> & { answeredAt: string | null })[]
}

/** Closed ones stay in the list for so long. */
const REMEMBERED = '12 months'

/** The questionnaires that ask the viewer's children or households, with who is to answer: read in the caller's transaction. */
async function familyRows(
  trx: Trx,
  viewer: Viewer,
  only: RawBuilder<unknown>,
): Promise<FamilyQuestionnaire[]> {
  const { rows } = await sql<Row>`
    select q.id, q.title, q.intro, q.per, q.anonymous, q.shows_results as "showsResults", q.opens_at as "opensAt",
      q.closes_at as "closesAt", q.version, q.published_at as "publishedAt", app_now() as now, s.subjects
    from questionnaire q
    cross join lateral (
      select jsonb_agg(jsonb_build_object('householdId', r.household_id, 'pupilId', r.pupil_id, 'name', r.name,
        'isAnswered', a.part is not null, 'part', a.part, 'answeredAt', a.answered_at, 'isOwn', coalesce(a.person_id = ${viewer.personId}, false),
        'answeredBy', (select p.given_name from person_name p where p.municipality_id = ${viewer.municipalityId} and p.id = a.person_id))
        order by r.name, r.pupil_id) as subjects
      from (select distinct u.household_id, case q.per when 'child' then u.pupil_id end as pupil_id,
          case q.per when 'child' then c.given_name else h.name end as name
        from questionnaire_pupils(q.id) u
        join pupil c on c.municipality_id = ${viewer.municipalityId} and c.id = u.pupil_id
        join household h on h.municipality_id = ${viewer.municipalityId} and h.id = u.household_id) r
      left join questionnaire_part a on a.municipality_id = ${viewer.municipalityId} and a.questionnaire_id = q.id
        and a.household_id = r.household_id and a.pupil_id is not distinct from r.pupil_id) s
    where q.municipality_id = ${viewer.municipalityId} and q.published_at is not null and q.opens_at <= app_now()
      and q.closes_at > app_now() - ${REMEMBERED}::interval and s.subjects is not null and ${only}
    order by q.closes_at > app_now() desc, case when q.closes_at > app_now() then q.closes_at end, q.closes_at desc, q.id
    limit 50`.execute(trx)
  return rows.map(({ version, publishedAt, now, subjects, ...row }) => ({
    ...row,
    state: stateAt(questionnaireLife({ ...row, version, publishedAt }), now),
    subjects: subjects.map((subject) => ({
      ...subject,
      answeredAt: subject.answeredAt === null ? null : new Date(subject.answeredAt),
    })),
  }))
}

/** What asks, or has asked, the viewer's family: the open ones first, by their end. */
export async function familyQuestionnaires(viewer: Viewer): Promise<FamilyQuestionnaire[] | null> {
  if (!allowedToFamily(viewer, 'questionnaires:answer')) return null
  return readAsFamily(viewer, (trx) => familyRows(trx, viewer, sql`true`))
}

export type QuestionnaireSheet = FamilyQuestionnaire & {
  questions: AskedQuestion[]
  /** The child or household of this page. */
  subject: Subject
  /** What the viewer has answered, where it may be changed. */
  own: Answer[]
  /** What everybody answered, where the office shows it and the time is over. */
  counts: AnswerCount[] | null
}

/** One questionnaire with its questions, for one child or household; null when it asks neither the viewer's household nor a child of it. */
export async function questionnaireSheet(
  viewer: Viewer,
  id: string,
  pupilId: string | null,
): Promise<QuestionnaireSheet | null> {
  if (!allowedToFamily(viewer, 'questionnaires:answer') || !isUuid(id)) return null
  return readAsFamily(viewer, async (trx) => {
    const [found] = await familyRows(trx, viewer, sql`q.id = ${id}`)
    const subject = found && pickSubject(found.subjects, pupilId)
    if (!found || !subject) return null
    const showsCounts = found.state === 'expired' && found.showsResults
    const [, questions, own, counts] = await Promise.all([
      enterSubject(trx, 'questionnaires'),
      questionsOf(trx, viewer.municipalityId, id),
      subject.part && subject.isOwn ? answersOfSheet(trx, viewer.municipalityId, subject.part) : [],
      showsCounts ? countsOf(trx, id) : null,
    ])
    return { ...found, subject, questions, own, counts }
  })
}

/** The named child; otherwise the first that has not answered, or simply the first. An unknown child is none. */
function pickSubject(subjects: readonly Subject[], pupilId: string | null): Subject | undefined {
  if (pupilId !== null) return subjects.find((subject) => subject.pupilId === pupilId)
  return subjects.find((subject) => !subject.isAnswered) ?? subjects[0]
}

/** The questions of a questionnaire in their order. */
export async function questionsOf(trx: Trx, municipalityId: string, id: string): Promise<AskedQuestion[]> {
  const rows = await trx
    .selectFrom('questionnaire_question')
    .select([
      'id',
      'kind',
      'words',
      'required',
      'options',
      'low_label as lowLabel',
      'high_label as highLabel',
    ])
    .where('municipality_id', '=', municipalityId)
    .where('questionnaire_id', '=', id)
    .orderBy('position')
    .execute()
  return rows
}

/** The answers of one sheet with a name on it. */
export async function answersOfSheet(trx: Trx, municipalityId: string, part: string): Promise<Answer[]> {
  return trx
    .selectFrom('questionnaire_answer')
    .select(['question_id as questionId', 'chosen', 'words'])
    .where('municipality_id', '=', municipalityId)
    .where('part', '=', part)
    .execute()
}

/** How many chose what, as far as the transaction may know. */
export async function countsOf(trx: Trx, id: string): Promise<AnswerCount[]> {
  const { rows } = await sql<AnswerCount>`
    select question_id as "questionId", value, people from questionnaire_counts(${id}::uuid)`.execute(trx)
  return rows
}
