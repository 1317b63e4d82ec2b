import 'server-only'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { asFamily, database, type Trx } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { dataKeys, env, hasSms } from '#lib/kernel/env.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { keyedHashes } from '#lib/kernel/sealed.ts'
import { enqueueMail, enqueueSms } from '#lib/outbox/message.commands.ts'
import { takeFromBudget } from '#lib/session/budget.commands.ts'
import { wordsOfPerson } from '#lib/session/language.commands.ts'
import {
  type CodeHashes,
  closeOpen,
  codesOfLastHour,
  lockPerson,
  newCode,
  takeCode,
} from './contact.commands.ts'
import { CODE_MINUTES } from './contact.ts'
import { codeSms, phoneChangedMail } from './phone.notice.ts'
import { isTextedIn, type Phone } from './phone.ts'

/** `saved` is false while a code is awaited: until it comes back the number of before stays. */
export type PhoneChange = { saved: boolean }

type Kept = { phone: string | null; isVerified: boolean }

/**
 * Takes a new telephone number, or none. One that can get texts counts when the code that we send there comes back; a
 * landline, a number of a country that gets no texts, or any number where no gateway is configured, is kept immediately and is
 * not verified.
 */
export async function changePhone(viewer: Viewer, phone: Phone | null): Promise<Result<PhoneChange>> {
  if (!allowedToFamily(viewer, 'contacts:manage')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    await lockPerson(trx, viewer)
    const kept = await keptPhone(trx, viewer)
    const isSame = kept.phone === (phone?.number ?? null)
    if (phone && isSame && kept.isVerified) return refused('contacts:phone-same')
    if (phone && hasSms() && isTextedIn(phone, env().SMS_CALLING_CODES))
      return sendCode(trx, viewer, phone.number)
    await closeOpen(trx, viewer, 'phone_change')
    if (!isSame) await keepPhone(trx, viewer, { phone: phone?.number ?? null, isVerified: false })
    return ok({ saved: true })
  })
}

async function keptPhone(trx: Trx, viewer: Viewer): Promise<Kept> {
  return trx
    .selectFrom('person')
    .select(['phone', sql<boolean>`phone_verified_at is not null`.as('isVerified')])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', viewer.personId)
    .executeTakeFirstOrThrow()
}

async function sendCode(trx: Trx, viewer: Viewer, number: string): Promise<Result<PhoneChange>> {
  if ((await codesOfLastHour(trx, viewer, 'phone_change')) >= BUDGETS['contacts:phone-code'].most)
    return refused('contacts:too-many-codes')
  const spent = await takeText(trx, viewer, number)
  if (spent) return spent
  await closeOpen(trx, viewer, 'phone_change')
  const code = newCode()
  const { id } = await trx
    .insertInto('phone_change')
    .values({
      municipality_id: viewer.municipalityId,
      person_id: viewer.personId,
      phone: number,
      code_hash: hashesOf(viewer, number, code)[0],
      expires_at: sql<Date>`app_now() + ${`${CODE_MINUTES} minutes`}::interval`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { name: municipality } = await trx
    .selectFrom('municipality')
    .select('name')
    .where('id', '=', viewer.municipalityId)
    .executeTakeFirstOrThrow()
  const t = await wordsOfPerson(trx, viewer.municipalityId, viewer.personId)
  await enqueueSms(trx, viewer.municipalityId, {
    dedupeKey: `phone-code:${id}`,
    phoneChangeId: id,
    to: number,
    text: codeSms({ code, minutes: CODE_MINUTES, municipality }, t),
    language: t.language,
    secret: true,
  })
  await recordAudit(trx, viewer, {
    action: 'contacts:phone-code-sent',
    objectType: 'person',
    objectId: viewer.personId,
  })
  return ok({ saved: false })
}

const hashesOf = (viewer: Viewer, number: string, code: string): CodeHashes =>
  keyedHashes([viewer.personId, number, code].join(':'), 'phone-code', dataKeys())

/**
 * Takes a text from the budgets of the number, over all people and municipalities, of the person, and of the municipality that pays.
 * What one of them refuses uses up none that is asked after it. When strangers asked for codes of a number is told to no person.
 */
async function takeText(trx: Trx, viewer: Viewer, number: string): Promise<Refused | null> {
  const isTired =
    (await takeFromBudget('contacts:number-hour', number, { trx })) ??
    (await takeFromBudget('contacts:number-day', number, { trx }))
  if (isTired) return refused('contacts:too-many-texts')
  const most = env().SMS_DAILY_LIMIT
  return (
    (await takeFromBudget('contacts:phone-code-day', viewer.personId, { trx })) ??
    (await takeFromBudget('contacts:municipality-day', viewer.municipalityId, { trx, most }))
  )
}

/** Takes the code that was sent: the new number is proved. Five attempts. */
export async function confirmPhone(
  viewer: Viewer,
  { changeId, phoneCode }: { changeId: string; phoneCode: string },
): Promise<Result<{ phone: string }>> {
  if (!allowedToFamily(viewer, 'contacts:manage')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const taken = await takeCode(trx, viewer, 'phone_change', changeId, (number) =>
      hashesOf(viewer, number, phoneCode),
    )
    if (!taken.ok) return taken
    const phone = taken.value
    await keepPhone(trx, viewer, { phone, isVerified: true })
    return ok({ phone })
  })
}

/** Writes the number down; of a change the person is told where they have proved to read. */
async function keepPhone(trx: Trx, viewer: Viewer, { phone, isVerified }: Kept): Promise<void> {
  const person = await trx
    .updateTable('person')
    .set({ phone, phone_verified_at: isVerified ? sql<Date>`app_now()` : null })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', viewer.personId)
    .returning(['given_name', 'email_verified_at'])
    .returning(sql<string | null>`nullif(person.email, person.refused_email)`.as('email'))
    .returning(sql<boolean>`old.phone is distinct from person.phone`.as('isOther'))
    .executeTakeFirstOrThrow()
  await recordAudit(trx, viewer, {
    action: isVerified ? 'contacts:phone-confirmed' : 'contacts:phone-changed',
    objectType: 'person',
    objectId: viewer.personId,
  })
  if (!person.isOther || !person.email || !person.email_verified_at) return
  const t = await wordsOfPerson(trx, viewer.municipalityId, viewer.personId)
  await enqueueMail(trx, viewer.municipalityId, {
    ...phoneChangedMail(person.given_name, t),
    language: t.language,
    dedupeKey: `phone-changed:${randomUUID()}`,
    to: person.email,
  })
}

const PURGE = 1_000

/** Forgets numbers that were asked for more than 30 days ago, some at a time. @returns how many */
export async function purgePhoneChanges(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select purge_phone_changes(${PURGE}) as gone`.execute(
    database(),
  )
  return rows[0]?.gone ?? 0
}
