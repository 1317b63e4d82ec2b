import 'server-only'
import { sql } from 'kysely'
import { asSystem, database, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { SMALLEST_SHOWN } from '#lib/figures/figures.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import { type OfficeQuestionnaire, readQuestionnaire } from './office/questionnaire.queries.ts'

/** `title`: a phrase with {title} in it. */
type Announcement = { key: string; title: Phrase }

/** The title of a notification has room for so much of another. */
const MOST_OF_TITLE = 160

/** Tells the parents who are asked and have not answered yet. */
export async function tellAsked(
  trx: Trx,
  municipalityId: string,
  found: Pick<OfficeQuestionnaire, 'id' | 'title' | 'closesAt'>,
  { key, title }: Announcement,
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    with unanswered as (
      select u.pupil_id, u.household_id from questionnaire q
      join questionnaire_pupils(q.id) u on true
      where q.municipality_id = ${municipalityId} and q.id = ${found.id}
        and not exists (select from questionnaire_part t where t.municipality_id = ${municipalityId} and t.questionnaire_id = q.id
          and t.household_id = u.household_id and (q.per = 'household' or t.pupil_id = u.pupil_id))
    )
    select distinct a.person_id as id
    from adults_of_pupils(${municipalityId}::uuid, array(select pupil_id from unanswered)) a
    join unanswered u on u.pupil_id = a.pupil_id and u.household_id = a.household_id`.execute(trx)
  return notify(trx, municipalityId, {
    event: 'questionnaire:open',
    key,
    to: rows.map((row) => row.id),
    say: (t) => ({
      title: t(title, { title: written(found.title.slice(0, MOST_OF_TITLE)) }),
      text: t('Il questionario si compila in pochi minuti, anche dal telefono. C’è tempo fino al {when}.', {
        when: found.closesAt ? instantInWords(found.closesAt, t) : '',
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
  for (const id of await municipalitiesWith(sql`municipalities_with_opened_questionnaires()`))
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
  await trx
    .updateTable('questionnaire')
    .set({ announced_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', found.id)
    .execute()
  await tellAsked(trx, municipalityId, found, {
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
