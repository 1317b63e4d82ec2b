import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff, type Capability } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { ActOf } from '#lib/audit/audit-event.words.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { changedByOther, ok, type Result, refused } from '#lib/kernel/result.ts'
import { mayHappen, opensFrom } from '#lib/publishing/lifecycle.ts'
import { phrase } from '#lib/words/language.ts'
import { tellAsked } from '../announcement.commands.ts'
import { publishProblems, type Question, type QuestionnaireDraft } from '../questionnaire.ts'
import { composerFields } from './questionnaire.fields.ts'
import { type OfficeQuestionnaire, readQuestionnaire } from './questionnaire.queries.ts'

type Saved = { id: string; version: number }

const audit = (trx: Trx, viewer: Viewer, action: ActOf<'questionnaires.'>, id: string) =>
  recordAudit(trx, viewer, { action: `questionnaires.${action}`, objectType: 'questionnaire', objectId: id })

const onQuestionnaire = <T>(
  viewer: Viewer,
  capability: Capability,
  id: string,
  work: (trx: Trx, found: OfficeQuestionnaire) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    capability,
    { table: 'questionnaire', id },
    (trx) => readQuestionnaire(trx, viewer, id),
    work,
  )

const update = (trx: Trx, viewer: Viewer, id: string) =>
  trx.updateTable('questionnaire').where('municipality_id', '=', viewer.municipalityId).where('id', '=', id)

/**
 * Writes a draft, new (`id` null, `version` 0) or as it was on the screen: who started from an older version is told, and
 * keeps what was typed. What is published does not change.
 */
export async function saveQuestionnaire(
  viewer: Viewer,
  { id, version }: { id: string | null; version: number },
  draft: QuestionnaireDraft,
): Promise<Result<Saved>> {
  if (id !== null)
    return onQuestionnaire(viewer, 'questionnaires:write', id, async (trx, found) => {
      if (!mayHappen('questionnaire', 'save', found.state)) return refused('questionnaires:published')
      if (found.version !== version)
        return changedByOther('questionnaires:changed-meanwhile', {
          who: found.savedBy,
          at: { version: found.version },
          fields: composerFields(found),
        })
      if (!(await areOurs(trx, viewer, draft))) return refused('request:not-found')
      await update(trx, viewer, id)
        .set({ ...columnsOf(viewer, draft), version: version + 1, saved_at: sql<Date>`app_now()` })
        .execute()
      await writeQuestions(trx, viewer, id, draft.questions)
      await audit(trx, viewer, 'saved', id)
      return ok({ id, version: version + 1 })
    })
  if (!allowedToStaff(viewer, 'questionnaires:write')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    if (!(await areOurs(trx, viewer, draft))) return refused('request:not-found')
    return createQuestionnaire(trx, viewer, draft)
  })
}

const columnsOf = (viewer: Viewer, draft: QuestionnaireDraft) => ({
  title: draft.title,
  intro: draft.intro,
  per: draft.per,
  anonymous: draft.anonymous,
  shows_results: draft.showsResults,
  school_ids: [...draft.schoolIds],
  class_ids: [...draft.classIds],
  opens_at: draft.opensAt,
  closes_at: draft.closesAt,
  saved_by: viewer.personId,
})

async function createQuestionnaire(
  trx: Trx,
  viewer: Viewer,
  draft: QuestionnaireDraft,
): Promise<Result<Saved>> {
  const { id } = await trx
    .insertInto('questionnaire')
    .values({ municipality_id: viewer.municipalityId, ...columnsOf(viewer, draft) })
    .returning('id')
    .executeTakeFirstOrThrow()
  await writeQuestions(trx, viewer, id, draft.questions)
  await audit(trx, viewer, 'created', id)
  return ok({ id, version: 1 })
}

/** Schools and classes must be of this municipality: an invented id stops here. */
async function areOurs(trx: Trx, viewer: Viewer, draft: QuestionnaireDraft): Promise<boolean> {
  const { rows } = await sql<{ astray: number }>`
    select count(*)::int as astray from (
      select unnest(${[...draft.schoolIds]}::uuid[]) except select id from school where municipality_id = ${viewer.municipalityId}
      union all
      (select unnest(${[...draft.classIds]}::uuid[]) except select id from school_class where municipality_id = ${viewer.municipalityId})) x`.execute(
    trx,
  )
  return rows[0]?.astray === 0
}

/** A draft has no answers, so its questions are replaced. */
async function writeQuestions(
  trx: Trx,
  viewer: Viewer,
  id: string,
  questions: readonly Question[],
): Promise<void> {
  await trx
    .deleteFrom('questionnaire_question')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('questionnaire_id', '=', id)
    .execute()
  if (questions.length === 0) return
  await trx
    .insertInto('questionnaire_question')
    .values(
      questions.map(({ kind, words, required, options, lowLabel, highLabel }, position) => ({
        municipality_id: viewer.municipalityId,
        questionnaire_id: id,
        position,
        kind,
        words,
        required,
        options: [...options],
        low_label: lowLabel,
        high_label: highLabel,
      })),
    )
    .execute()
}

/** Opens a draft to the families, now or from its moment on. From here on its questions do not change. */
export function publishQuestionnaire(viewer: Viewer, id: string, version: number): Promise<Result<Saved>> {
  return onQuestionnaire(viewer, 'questionnaires:publish', id, async (trx, found) => {
    if (!mayHappen('questionnaire', 'publish', found.state)) return refused('questionnaires:published')
    if (found.version !== version) return refused('questionnaires:changed-meanwhile', { who: found.savedBy })
    const problems = publishProblems(found, found.now)
    if (problems.length > 0) return refused('questionnaires:not-ready', { count: problems.length })
    if (found.asked === 0) return refused('questionnaires:nobody-asked')
    await update(trx, viewer, id)
      .set({
        published_at: sql<Date>`app_now()`,
        published_by: viewer.personId,
        opens_at: opensFrom(found, found.now),
      })
      .execute()
    await audit(trx, viewer, 'published', id)
    return ok({ id, version })
  })
}

/** The very instant of the opening has no room before it. */
const CLOSED_NOW = {
  closes_at: sql<Date>`greatest(app_now(), opens_at + interval '1 millisecond')`,
  ended_early_at: sql<Date>`app_now()`,
}

/** Ends an open questionnaire now; one that has not begun becomes a draft again: it was not public yet. */
export function stopQuestionnaire(viewer: Viewer, id: string): Promise<Result<Saved>> {
  return onQuestionnaire(viewer, 'questionnaires:publish', id, async (trx, found) => {
    const isOpen = mayHappen('questionnaire', 'close', found.state)
    if (!isOpen && !mayHappen('questionnaire', 'takeBack', found.state))
      return refused('questionnaires:not-open')
    await update(trx, viewer, id)
      .set(isOpen ? CLOSED_NOW : { published_at: null, published_by: null })
      .execute()
    await audit(trx, viewer, isOpen ? 'closed' : 'taken-back', id)
    return ok({ id, version: found.version })
  })
}

/** A new draft with the words, questions and recipients of an old one, without its dates. */
export function duplicateQuestionnaire(viewer: Viewer, id: string): Promise<Result<Saved>> {
  return onQuestionnaire(viewer, 'questionnaires:write', id, (trx, found) =>
    createQuestionnaire(trx, viewer, { ...found, opensAt: null, closesAt: null }),
  )
}

/** Throws a draft away. */
export function discardQuestionnaire(viewer: Viewer, id: string): Promise<Result<null>> {
  return onQuestionnaire(viewer, 'questionnaires:write', id, async (trx, found) => {
    if (!mayHappen('questionnaire', 'discard', found.state)) return refused('questionnaires:published')
    await trx
      .deleteFrom('questionnaire')
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .execute()
    await audit(trx, viewer, 'discarded', id)
    return ok(null)
  })
}

/** Writes again to families that have not answered, once a day at most. The office learns how many, never who. */
export function remindQuestionnaire(viewer: Viewer, id: string): Promise<Result<{ people: number }>> {
  return onQuestionnaire(viewer, 'questionnaires:publish', id, async (trx, found) => {
    if (!mayHappen('questionnaire', 'remind', found.state)) return refused('questionnaires:not-open')
    const today = dayInRome(found.now)
    if (found.remindedAt && dayInRome(found.remindedAt) === today)
      return refused('questionnaires:reminded-today')
    await update(trx, viewer, id).set({ reminded_at: sql<Date>`app_now()` }).execute()
    const people = await tellAsked(trx, viewer.municipalityId, found, {
      key: `questionnaire:${id}:reminder:${today}`,
      title: phrase('Puoi ancora rispondere: {title}'),
    })
    await audit(trx, viewer, 'reminded', id)
    return ok({ people })
  })
}
