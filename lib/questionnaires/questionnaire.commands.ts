import 'server-only'
import { sql } from 'kysely'
import { activeMunicipalities } from '#db/active-municipalities.ts'
import { asFamily, asStaff, asSystem, database, type Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import { allowedToFamily, allowedToStaff, type Capability } from '#lib/access/roles.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { SMALLEST_SHOWN } from '#lib/figures/figures.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { changedByOther, ok, type Result, refused, refusedFields } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { mayHappen, opensFrom } from '#lib/publishing/lifecycle.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { phrase } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import { composerFields } from './office/questionnaire.fields.ts'
import { type OfficeQuestionnaire, readQuestionnaire } from './office/questionnaire.queries.ts'
import { answersOfSheet, questionnaireSheet } from './questionnaire.queries.ts'
import {
  type Answer,
  publishProblems,
  type Question,
  type QuestionnaireDraft,
  readAnswers,
  sameAnswers,
} from './questionnaire.ts'

type Saved = { id: string; version: number }

const audit = (trx: Trx, viewer: Viewer, action: string, id: string) =>
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

const update = (trx: Trx, viewer: Pick<Viewer, 'municipalityId'>, id: string) =>
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

/** Nobody has answered a draft, so its questions are simply written anew. */
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

/** Ends an open questionnaire now; one that has not begun becomes a draft again: nobody has read it yet. */
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

/** Writes again to whoever has not answered, once a day at most. The office learns how many, never who. */
export function remindQuestionnaire(viewer: Viewer, id: string): Promise<Result<{ people: number }>> {
  return onQuestionnaire(viewer, 'questionnaires:publish', id, async (trx, found) => {
    if (!mayHappen('questionnaire', 'remind', found.state)) return refused('questionnaires:not-open')
    const today = dayInRome(found.now)
    if (found.remindedAt && dayInRome(found.remindedAt) === today)
      return refused('questionnaires:reminded-today')
    await update(trx, viewer, id).set({ reminded_at: sql<Date>`app_now()` }).execute()
    const people = await tell(trx, viewer.municipalityId, found, {
      key: `questionnaire:${id}:reminder:${today}`,
      title: phrase('Puoi ancora rispondere: {title}'),
    })
    await audit(trx, viewer, 'reminded', id)
    return ok({ people })
  })
}

/** `title`: a phrase with {title} in it. */
type Announcement = { key: string; title: string }

/** The title of a notification has room for so much of another. */
const MOST_OF_TITLE = 160

/** Tells the parents of whoever is asked and has not answered yet. */
async function tell(
  trx: Trx,
  municipalityId: string,
  found: Pick<OfficeQuestionnaire, 'id' | 'title' | 'closesAt'>,
  { key, title }: Announcement,
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select distinct m.person_id as id from questionnaire q
    join questionnaire_pupils(q.id) u on true
    join household_member m on m.municipality_id = q.municipality_id and m.household_id = u.household_id and m.ended_at is null
      and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today())
    where q.municipality_id = ${municipalityId} and q.id = ${found.id}
      and not exists (select from questionnaire_part a where a.municipality_id = q.municipality_id and a.questionnaire_id = q.id
        and a.household_id = u.household_id and (q.per = 'household' or a.pupil_id = u.pupil_id))
      and (not exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id)
        or exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id
          and d.pupil_id = u.pupil_id))`.execute(trx)
  return notify(trx, municipalityId, {
    event: 'questionnaire:open',
    key,
    to: rows.map((row) => row.id),
    say: (t) => ({
      title: t(title, { title: written(found.title.slice(0, MOST_OF_TITLE)) }),
      text: t('Il questionario si compila in pochi minuti, anche dal telefono. C’è tempo fino al {when}.', {
        when: found.closesAt ? instantInWords(found.closesAt, t.language) : '',
      }),
    }),
    path: `/questionari/${found.id}`,
  })
}

/**
 * Tells families of each questionnaire that has opened, once. Meant for the worker, as often as it likes.
 * @returns how many questionnaires were announced
 */
export async function announceOpenQuestionnaires(): Promise<number> {
  let announced = 0
  for (const id of await activeMunicipalities())
    announced += await asSystem(id, (trx) => announceOne(trx, id))
  return announced
}

async function announceOne(trx: Trx, municipalityId: string): Promise<number> {
  const row = await trx
    .selectFrom('questionnaire')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('published_at', 'is not', null)
    .where('announced_at', 'is', null)
    .where('opens_at', '<=', sql<Date>`app_now()`)
    .where('closes_at', '>', sql<Date>`app_now()`)
    .orderBy('opens_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  const found = row && (await readQuestionnaire(trx, { municipalityId }, row.id))
  if (!found) return 0
  await update(trx, { municipalityId }, found.id).set({ announced_at: sql<Date>`app_now()` }).execute()
  await tell(trx, municipalityId, found, {
    key: `questionnaire:${found.id}:open`,
    title: phrase('Nuovo questionario: {title}'),
  })
  return 1
}

/**
 * Mixes anonymous answers that came in, ends what has closed and, a year later, forgets who answered. For the worker.
 * @returns how many questionnaires were worked on
 */
export async function settleQuestionnaires(): Promise<number> {
  const { rows } = await sql<{
    done: number
  }>`select settle_questionnaires(${SMALLEST_SHOWN}) as done`.execute(database())
  return rows[0]?.done ?? 0
}

export type Sent = {
  id: string
  /** Null: the household answers as one. */
  pupilId: string | null
  /** ISO instant of the own answer that was on the screen; empty for a first one. */
  base: string
  /** The fields of the form, by name. */
  given: Readonly<Record<string, unknown>>
}

/**
 * Takes the answers of a child or household, if they arrive while the questionnaire is open: the transaction's first moment
 * decides. The first answer counts; of a questionnaire with names whoever gave it may change it until the end.
 * An anonymous answer leaves no line in the register: its moment would say whose it is.
 */
export async function answerQuestionnaire(viewer: Viewer, sent: Sent): Promise<Result<{ changed: boolean }>> {
  if (!allowedToFamily(viewer, 'questionnaires:answer')) return refused('request:not-found')
  const sheet = await questionnaireSheet(viewer, sent.id, sent.pupilId)
  if (!sheet || sheet.subject.pupilId !== sent.pupilId) return refused('request:not-found')
  const { answers, problems } = readAnswers(sheet.questions, sent.given)
  if (Object.keys(problems).length > 0)
    return refusedFields(refused('questionnaires:check-answers'), problems)
  return asFamily(viewer, async (trx) => {
    const { householdId, pupilId } = sheet.subject
    // Waits for whoever is closing it; what was true at this transaction's beginning then still decides.
    await sql`select hold_questionnaire(${sent.id}::uuid)`.execute(trx)
    if (!(await isOpen(trx, viewer, sent.id))) return refused('questionnaires:over', { when: sheet.closesAt })
    const part = await firstPart(trx, viewer, sheet, { householdId, pupilId })
    if (part === null) return changeAnswers(trx, viewer, sheet, sent, answers)
    await writeAnswers(trx, viewer, sent.id, sheet.anonymous ? null : part, answers)
    if (!sheet.anonymous) await audit(trx, viewer, 'answered', sent.id)
    return ok({ changed: false })
  })
}

async function isOpen(trx: Trx, viewer: Viewer, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom('questionnaire')
    .select('id')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', id)
    .where('published_at', 'is not', null)
    .where('opens_at', '<=', sql<Date>`app_now()`)
    .where('closes_at', '>', sql<Date>`app_now()`)
    .executeTakeFirst()
  return row !== undefined
}

/** Claims the answer of a child or household; null when somebody has given it already. */
async function firstPart(
  trx: Trx,
  viewer: Viewer,
  sheet: { id: string; anonymous: boolean },
  subject: { householdId: string; pupilId: string | null },
): Promise<string | null> {
  const row = await trx
    .insertInto('questionnaire_part')
    .values({
      municipality_id: viewer.municipalityId,
      questionnaire_id: sheet.id,
      household_id: subject.householdId,
      pupil_id: subject.pupilId,
      ...(sheet.anonymous ? {} : { person_id: viewer.personId, answered_at: sql<Date>`app_now()` }),
    })
    .onConflict((conflict) =>
      conflict.columns(['municipality_id', 'questionnaire_id', 'household_id', 'pupil_id']).doNothing(),
    )
    .returning('part')
    .executeTakeFirst()
  return row?.part ?? null
}

async function changeAnswers(
  trx: Trx,
  viewer: Viewer,
  sheet: { id: string; anonymous: boolean; subject: { householdId: string; pupilId: string | null } },
  sent: Sent,
  answers: readonly Answer[],
): Promise<Result<{ changed: boolean }>> {
  if (sheet.anonymous) return refused('questionnaires:already-answered')
  const found = await trx
    .selectFrom('questionnaire_part')
    .select(['part', 'person_id', 'answered_at'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('questionnaire_id', '=', sheet.id)
    .where('household_id', '=', sheet.subject.householdId)
    .where('pupil_id', sheet.subject.pupilId === null ? 'is' : '=', sheet.subject.pupilId)
    .where('person_id', '=', viewer.personId)
    .forUpdate()
    .executeTakeFirst()
  if (!found) return refused('questionnaires:already-answered')
  const before = await answersOfSheet(trx, viewer.municipalityId, found.part)
  if (sameAnswers(before, answers)) return ok({ changed: false })
  if (found.answered_at?.toISOString() !== sent.base) return refused('questionnaires:answered-meanwhile')
  await trx
    .deleteFrom('questionnaire_answer')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('part', '=', found.part)
    .execute()
  await trx
    .updateTable('questionnaire_part')
    .set({ answered_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('part', '=', found.part)
    .execute()
  await writeAnswers(trx, viewer, sheet.id, found.part, answers)
  await audit(trx, viewer, 'changed', sheet.id)
  return ok({ changed: true })
}

async function writeAnswers(
  trx: Trx,
  viewer: Viewer,
  id: string,
  part: string | null,
  answers: readonly Answer[],
): Promise<void> {
  if (answers.length === 0) return
  await trx
    .insertInto('questionnaire_answer')
    .values(
      answers.map(({ questionId, chosen, words }) => ({
        municipality_id: viewer.municipalityId,
        questionnaire_id: id,
        question_id: questionId,
        part,
        chosen,
        words,
      })),
    )
    .execute()
}
