import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { SMALLEST_SHOWN } from '#lib/figures/figures.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type PublicationState, stateAt } from '#lib/publishing/lifecycle.ts'
import { countsOf, questionsOf } from '../questionnaire.queries.ts'
import {
  type AnswerCount,
  type AskedQuestion,
  type Per,
  type QuestionnaireDraft,
  questionnaireLife,
} from '../questionnaire.ts'

export type OfficeQuestionnaireLine = {
  id: string
  title: string
  state: PublicationState
  anonymous: boolean
  per: Per
  opensAt: Date | null
  closesAt: Date | null
  savedBy: string
  savedAt: Date
  asked: number
  answered: number
}

const ASKED = sql<number>`coalesce(q.asked_total, (select case q.per when 'child' then count(*) else count(distinct u.household_id) end
  from questionnaire_pupils(q.id) u))::int`
const answeredIn = (
  municipalityId: string,
) => sql<number>`coalesce(q.answered_total, (select count(*) from questionnaire_part a
  where a.municipality_id = ${municipalityId} and a.questionnaire_id = q.id))::int`

type Timed = { version: number; publishedAt: Date | null; now: Date }

/** Every questionnaire of the municipality, newest first; null for a viewer who may not read them. Drafts are for their writers. */
export async function officeQuestionnaires(viewer: Viewer): Promise<OfficeQuestionnaireLine[] | null> {
  if (!allowedToStaff(viewer, 'questionnaires:read')) return null
  const writes = allowedToStaff(viewer, 'questionnaires:write')
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<Omit<OfficeQuestionnaireLine, 'state'> & Timed>`
      select q.id, q.version, q.title, q.anonymous, q.per, q.opens_at as "opensAt", q.closes_at as "closesAt", q.published_at as "publishedAt",
        q.saved_at as "savedAt", p.full_name as "savedBy", app_now() as now,
        ${ASKED} as asked, ${answeredIn(viewer.municipalityId)} as answered
      from questionnaire q join person p on p.municipality_id = ${viewer.municipalityId} and p.id = q.saved_by
      where q.municipality_id = ${viewer.municipalityId} and (${writes} or q.published_at is not null)
      order by q.saved_at desc, q.id desc limit 200`.execute(trx)
    return rows.map(({ version, publishedAt, now, ...row }) => ({
      ...row,
      state: stateAt(questionnaireLife({ ...row, version, publishedAt }), now),
    }))
  })
}

export type OfficeQuestionnaire = Omit<QuestionnaireDraft, 'questions'> & {
  id: string
  version: number
  state: PublicationState
  publishedAt: Date | null
  publishedBy: string | null
  endedEarlyAt: Date | null
  remindedAt: Date | null
  savedBy: string
  now: Date
  asked: number
  answered: number
  questions: AskedQuestion[]
}

/** One questionnaire as the office has it; null when it is not there, or a draft for a viewer who only reads. */
export async function officeQuestionnaire(viewer: Viewer, id: string): Promise<OfficeQuestionnaire | null> {
  if (!allowedToStaff(viewer, 'questionnaires:read') || !isUuid(id)) return null
  const found = await asStaff(viewer, (trx) => readQuestionnaire(trx, viewer, id))
  return found?.state === 'draft' && !allowedToStaff(viewer, 'questionnaires:write') ? null : found
}

/** The same, in the caller's transaction. */
export async function readQuestionnaire(
  trx: Trx,
  viewer: Pick<Viewer, 'municipalityId'>,
  id: string,
): Promise<OfficeQuestionnaire | null> {
  const { rows } = await sql<Omit<OfficeQuestionnaire, 'state' | 'questions'>>`
    select q.id, q.version, q.title, q.intro, q.per, q.anonymous, q.shows_results as "showsResults", q.school_ids as "schoolIds",
      q.class_ids as "classIds", q.opens_at as "opensAt", q.closes_at as "closesAt", q.published_at as "publishedAt",
      q.ended_early_at as "endedEarlyAt", q.reminded_at as "remindedAt", app_now() as now,
      (select p.full_name from person p where p.municipality_id = ${viewer.municipalityId} and p.id = q.published_by) as "publishedBy",
      (select p.full_name from person p where p.municipality_id = ${viewer.municipalityId} and p.id = q.saved_by) as "savedBy",
      ${ASKED} as asked, ${answeredIn(viewer.municipalityId)} as answered
    from questionnaire q where q.municipality_id = ${viewer.municipalityId} and q.id = ${id}`.execute(trx)
  const [row] = rows
  if (!row) return null
  return {
    ...row,
    state: stateAt(questionnaireLife(row), row.now),
    questions: await questionsOf(trx, viewer.municipalityId, id),
  }
}

export type OfficeResults = {
  counts: AnswerCount[]
  /** Question → what was written, in no order; nothing where so few wrote that it would point at them. */
  texts: Record<string, string[]>
}

/** What was answered; null before it may be read: an anonymous questionnaire says nothing until its end. */
export async function officeResults(
  viewer: Viewer,
  found: OfficeQuestionnaire,
): Promise<OfficeResults | null> {
  if (!allowedToStaff(viewer, 'questionnaires:read') || found.state === 'draft') return null
  if (found.state === 'scheduled' || (found.anonymous && found.state === 'published')) return null
  return asStaff(viewer, async (trx) => {
    await enterSubject(trx, 'questionnaires')
    const counts = await countsOf(trx, found.id)
    const rows = await trx
      .selectFrom('questionnaire_answer')
      .select(['question_id', 'words'])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('questionnaire_id', '=', found.id)
      .where('words', 'is not', null)
      .orderBy('words')
      .limit(5_000)
      .execute()
    const texts: Record<string, string[]> = {}
    for (const { question_id, words } of rows) {
      texts[question_id] ??= []
      texts[question_id].push(words as string)
    }
    for (const [question, written] of Object.entries(texts))
      if (found.anonymous && written.length < SMALLEST_SHOWN) delete texts[question]
    return { counts, texts }
  })
}

export type SchoolsToAsk = { id: string; name: string; classes: { id: string; name: string }[] }[]

/** From the first of July on the classes of the year that begins in September can be asked too. */
const NEXT_YEAR_DAYS = 62

/**
 * The schools and classes to choose for whom a questionnaire is: of this school year and, in summer, of the next one, which its
 * classes say.
 * @param chosen classes that a questionnaire names already, of any year
 */
export async function schoolsToAsk(viewer: Viewer, chosen: readonly string[] = []): Promise<SchoolsToAsk> {
  if (!allowedToStaff(viewer, 'questionnaires:read')) return []
  const { rows } = await asStaff(viewer, (trx) =>
    sql<SchoolsToAsk[number]>`
      select s.id, s.name, coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name',
            case when app_today() between y.starts_on and y.ends_on then c.name else c.name || ', ' || y.name end)
          order by y.starts_on, c.name)
        from school_class c join school_year y on y.municipality_id = ${viewer.municipalityId} and y.id = c.school_year_id
        where c.municipality_id = ${viewer.municipalityId} and c.school_id = s.id
          and (app_today() between y.starts_on - ${NEXT_YEAR_DAYS}::int and y.ends_on or c.id = any (${[...chosen]}::uuid[]))), '[]') as classes
      from school s where s.municipality_id = ${viewer.municipalityId} order by s.name`.execute(trx),
  )
  return rows
}
