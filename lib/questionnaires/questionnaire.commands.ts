import 'server-only'
import { sql } from 'kysely'
import { asFamily, type Trx } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused, refusedFields } from '#lib/kernel/result.ts'
import { answersOfSheet, questionnaireSheet } from './questionnaire.queries.ts'
import { type Answer, readAnswers, sameAnswers } from './questionnaire.ts'

const audit = (trx: Trx, viewer: Viewer, action: 'answered' | 'changed', id: string) =>
  recordAudit(trx, viewer, { action: `questionnaires.${action}`, objectType: 'questionnaire', objectId: id })

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
 * decides. The first answer counts; of a questionnaire with names, its author may change it until the end.
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
    // Waits for a simultaneous close; what was true at this transaction's beginning then still decides.
    await sql`select hold_questionnaire(${sent.id}::uuid)`.execute(trx)
    await enterSubject(trx, 'questionnaires')
    if (!(await isOpen(trx, viewer, sent.id))) return refused('questionnaires:over', { when: sheet.closesAt })
    const part = await firstPart(trx, viewer, sheet, { householdId, pupilId })
    if (part === null) return changeAnswers(trx, viewer, sheet, sent, answers)
    await enterSubject(trx, 'questionnaires')
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

/** Claims the answer of a child or household; null when it was given already. */
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
