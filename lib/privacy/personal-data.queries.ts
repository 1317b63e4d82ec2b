import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asFamily, database, type Trx } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { heldHouseholds } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { communicationsInFull } from '#lib/communications/communication.queries.ts'
import { COMMUNICATION_KINDS } from '#lib/communications/communication.ts'
import { phrase } from '#lib/words/language.ts'
import {
  type ExportSection,
  PERSONAL_DATA,
  type PersonalExport,
  type PersonalTable,
} from './personal-data.ts'

type Condition = (viewer: Viewer, held: string[]) => RawBuilder<unknown>

const byPerson: Condition = ({ municipalityId, personId }) =>
  sql`t.municipality_id = ${municipalityId} and t.person_id = ${personId}`
const byCitizen: Condition = ({ citizenId }) => sql`t.citizen_id = ${citizenId}`
const byHousehold: Condition = ({ municipalityId }, held) =>
  sql`t.municipality_id = ${municipalityId} and t.household_id = any(${held}::uuid[])`
const byPupil: Condition = ({ municipalityId }, held) =>
  sql`t.municipality_id = ${municipalityId} and t.pupil_id in (select p.id from pupil p
    where p.municipality_id = ${municipalityId} and p.household_id = any(${held}::uuid[]))`

/** Which rows of each table are the viewer's own. Rows about children and money are the holder's. Tables that carry nothing need no entry. */
const OWN: Partial<Record<PersonalTable, Condition>> = {
  person: ({ municipalityId, personId }) => sql`t.municipality_id = ${municipalityId} and t.id = ${personId}`,
  person_code: byPerson,
  citizen: ({ citizenId }) => sql`t.id = ${citizenId}`,
  identity_link: byCitizen,
  session: byCitizen,
  sign_in_event: byCitizen,
  remembered_device: byCitizen,
  household: ({ municipalityId }, held) =>
    sql`t.municipality_id = ${municipalityId} and t.id = any(${held}::uuid[])`,
  household_member: byPerson,
  pupil: byHousehold,
  enrolment: byPupil,
  diet_hold: byPupil,
  form_draft: byPerson,
  form_submission: byPerson,
  form_event: ({ municipalityId, personId }) =>
    sql`t.municipality_id = ${municipalityId} and exists (select from form_submission s
      where s.municipality_id = ${municipalityId} and s.id = t.submission_id and s.person_id = ${personId})`,
  form_document: byPerson,
  fare_assignment: byPupil,
  meal_household_rule: ({ municipalityId }, held) => sql`t.municipality_id = ${municipalityId}
    and (t.household_id = any(${held}::uuid[]) or t.pupil_id in (select p.id from pupil p
      where p.municipality_id = ${municipalityId} and p.household_id = any(${held}::uuid[])))`,
  delegate_invitation: ({ municipalityId, personId }) =>
    sql`t.municipality_id = ${municipalityId} and t.invited_by = ${personId}`,
  email_change: byPerson,
  phone_change: byPerson,
  absence_event: byPupil,
  absence_receipt: byPerson,
  meal_rating: byPupil,
  meal_rating_dish: byPupil,
  calendar_feed: byPerson,
  account: byHousehold,
  entry: ({ municipalityId, memberships }, held) =>
    sql`t.municipality_id = ${municipalityId} and exists (select from account a
      join unnest(${held}::uuid[], ${held.map((id) => memberships.find((own) => own.householdId === id && own.role === 'holder')?.since ?? null)}::timestamptz[])
        as own (household_id, since) on own.household_id = a.household_id
      where a.municipality_id = ${municipalityId} and a.id = t.account_id and (own.since is null or t.posted_at >= own.since))`,
  top_up: ({ municipalityId, personId }) =>
    sql`t.municipality_id = ${municipalityId} and t.payer_id = ${personId}`,
  payment_alarm: ({ municipalityId, personId }) =>
    sql`t.municipality_id = ${municipalityId} and exists (select from top_up p
      where p.municipality_id = ${municipalityId} and p.id = t.top_up_id and p.payer_id = ${personId})`,
  invoice: ({ municipalityId, personId }) =>
    sql`t.municipality_id = ${municipalityId} and t.holder_id = ${personId}`,
  communication_recipient: byHousehold,
  communication_recipient_person: byPerson,
  communication_read: byPerson,
  communication_acknowledgement: byPerson,
  notification: byPerson,
  notification_choice: byPerson,
  push_subscription: byPerson,
  questionnaire_part: byPerson,
  questionnaire_answer: ({ municipalityId, personId }) =>
    sql`t.municipality_id = ${municipalityId} and t.part in (select p.part from questionnaire_part p
      where p.municipality_id = ${municipalityId} and p.person_id = ${personId})`,
  audit_event: byPerson,
  family_look: byHousehold,
}

const MOST_ROWS = 20_000

async function sectionOf(trx: Trx, table: PersonalTable, own: RawBuilder<unknown>): Promise<ExportSection> {
  const { title, carried } = PERSONAL_DATA[table]
  const columns = Object.entries(carried).map(
    ([column, name]) => sql`${sql.ref(`t.${column}`)} as ${sql.id(name)}`,
  )
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.join(columns)} from ${sql.table(table)} t where ${own} limit ${MOST_ROWS}`.execute(trx)
  return { title, rows }
}

const COMMUNICATION_TEXTS = phrase('Le comunicazioni che hai ricevuto, con il loro testo')

/** The texts of the communications, filled for this reader; the rows about reading and confirming are above. */
async function communicationTexts(trx: Trx, viewer: Viewer): Promise<Record<string, unknown>[]> {
  const received = await communicationsInFull(trx, viewer)
  return received.map(({ title, kind, publishedAt, text, withdrawnAt, files }) => ({
    [phrase('uscita il')]: publishedAt,
    [phrase('tipo')]: kind && COMMUNICATION_KINDS[kind].one,
    [phrase('titolo')]: title,
    [phrase('testo')]: text,
    [phrase('ritirata dall’ufficio il')]: withdrawnAt,
    [phrase('allegati')]: files,
  }))
}

/**
 * Everything that the portal keeps about the viewer and, for a holder, about the own children and money. Written in the
 * register. Null for a person without a household.
 */
export async function personalExport(viewer: Viewer): Promise<PersonalExport | null> {
  if (!allowedToFamily(viewer, 'contacts:manage')) return null
  const held = heldHouseholds(viewer)
  return asFamily(viewer, async (trx) => {
    await recordAudit(trx, viewer, {
      action: 'privacy:exported',
      objectType: 'person',
      objectId: viewer.personId,
    })
    const { rows } = await sql<{ name: string; now: Date }>`
      select name, app_now() as now from municipality where id = ${viewer.municipalityId}`.execute(trx)
    const municipality = rows[0] as { name: string; now: Date }
    for (const subject of ['questionnaires', 'receipts', 'submissions', 'communications', 'top_ups'] as const)
      await enterSubject(trx, subject)
    const sections: ExportSection[] = []
    for (const [table, own] of Object.entries(OWN) as [PersonalTable, Condition][]) {
      sections.push(await sectionOf(trx, table, own(viewer, held)))
    }
    sections.push({ title: COMMUNICATION_TEXTS, rows: await communicationTexts(trx, viewer) })
    return {
      municipalityName: municipality.name,
      name: viewer.name,
      madeAt: municipality.now,
      sections,
      leftOut: Object.values(PERSONAL_DATA).map(({ title, left }) => ({ title, columns: left })),
    }
  })
}

export type DataAccess = {
  id: string
  occurredAt: Date
  action: string
  outcome: 'done' | 'refused'
  /** A name of the family, "ufficio" or "sistema". */
  by: string
  isOwn: boolean
}

export type SignInLine = { id: string; occurredAt: Date; outcome: string; method: string | null }

const LATEST = 200

/** Who read or changed the viewer's data lately, and the viewer's own sign-ins. Null for a person without a household. */
export async function dataAccesses(
  viewer: Viewer,
): Promise<{ accesses: DataAccess[]; signIns: SignInLine[] } | null> {
  if (!allowedToFamily(viewer, 'contacts:manage')) return null
  const [accesses, signIns] = await Promise.all([
    asFamily(viewer, async (trx) => {
      const { rows } = await sql<DataAccess>`
        select id, occurred_at as "occurredAt", action, outcome, by_whom as by, is_own as "isOwn"
        from app_own_audit(${LATEST})`.execute(trx)
      return rows
    }),
    database()
      .selectFrom('sign_in_event')
      .select(['id', 'occurred_at as occurredAt', 'outcome', 'method'])
      .where('citizen_id', '=', viewer.citizenId)
      .orderBy('occurred_at', 'desc')
      .limit(50)
      .execute(),
  ])
  return { accesses, signIns }
}
