import 'server-only'
import { randomInt, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { asFamily, type Trx } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { giveInvoiceAddress, keepAddress } from '#lib/invoices/invoice.commands.ts'
import type { Address } from '#lib/invoices/invoice.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { dataKeys } from '#lib/kernel/env.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { keyedHashes } from '#lib/kernel/sealed.ts'
import { enqueueMail } from '#lib/outbox/message.commands.ts'
import { wordsOfPerson } from '#lib/session/language.commands.ts'
import { changedMail, codeMail } from './contact.notice.ts'
import { CODE_MINUTES, judgeCode } from './contact.ts'

/** What a code may have been kept as: only the first is kept now. Without the key a copy of the database does not tell it. */
export type CodeHashes = readonly [Buffer, ...Buffer[]]

const hashesOf = (personId: string, email: string, code: string): CodeHashes =>
  keyedHashes([personId, email, code].join(':'), 'email-code', dataKeys())

/** Six digits, each as likely as the others. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0')

/** Where a new address or number waits for its code. */
type Waiting = 'email_change' | 'phone_change'

/** Sends a code to a new e-mail address; the address counts only when the code comes back. */
export async function askEmailChange(viewer: Viewer, email: string): Promise<Result<{ email: string }>> {
  if (!allowedToFamily(viewer, 'contacts:manage')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    await lockPerson(trx, viewer)
    if ((await codesOfLastHour(trx, viewer, 'email_change')) >= BUDGETS['contacts:email-code'].most)
      return refused('contacts:too-many-codes')
    await closeOpen(trx, viewer, 'email_change')
    const code = newCode()
    const { id } = await trx
      .insertInto('email_change')
      .values({
        municipality_id: viewer.municipalityId,
        person_id: viewer.personId,
        email,
        code_hash: hashesOf(viewer.personId, email, code)[0],
        expires_at: sql<Date>`app_now() + ${`${CODE_MINUTES} minutes`}::interval`,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const t = await wordsOfPerson(trx, viewer.municipalityId, viewer.personId)
    await enqueueMail(trx, viewer.municipalityId, {
      ...codeMail(code, CODE_MINUTES, t),
      language: t.language,
      dedupeKey: `email-code:${id}`,
      emailChangeId: id,
      to: email,
      secret: true,
    })
    await recordAudit(trx, viewer, {
      action: 'contacts:code-sent',
      objectType: 'person',
      objectId: viewer.personId,
    })
    return ok({ email })
  })
}

/** One change of a person's contacts at a time: parallel requests cannot pass the limit together. */
export const lockPerson = (trx: Trx, viewer: Viewer) =>
  sql`select from person where municipality_id = ${viewer.municipalityId} and id = ${viewer.personId}
    for no key update`.execute(trx)

export async function codesOfLastHour(trx: Trx, viewer: Viewer, waiting: Waiting): Promise<number> {
  const { n } = await trx
    .selectFrom(waiting)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('municipality_id', '=', viewer.municipalityId)
    .where('person_id', '=', viewer.personId)
    .where('created_at', '>', sql<Date>`app_now() - interval '1 hour'`)
    .executeTakeFirstOrThrow()
  return n
}

/** What was waiting waits no more: its code is worth nothing now. */
export const closeOpen = (trx: Trx, viewer: Viewer, waiting: Waiting) =>
  trx
    .updateTable(waiting)
    .set({ closed_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('person_id', '=', viewer.personId)
    .where('closed_at', 'is', null)
    .execute()

const NEW_VALUE: Record<Waiting, 'email' | 'phone'> = { email_change: 'email', phone_change: 'phone' }

/**
 * Judges the code typed for a change that waits; the attempt counts before it is judged, and a right code ends the waiting.
 * @param hashesFor hashes that the typed code has for an address or number
 * @returns the address or number that is now proved
 */
export async function takeCode(
  trx: Trx,
  viewer: Viewer,
  waiting: Waiting,
  changeId: string,
  hashesFor: (value: string) => CodeHashes,
): Promise<Result<string>> {
  const { rows } = await sql<{ value: string; code_hash: Buffer; attempts: number; is_open: boolean }>`
    update ${sql.table(waiting)} set attempts = least(attempts + 1, 5)
    where municipality_id = ${viewer.municipalityId} and id = ${changeId}::uuid and person_id = ${viewer.personId}
    returning ${sql.ref(NEW_VALUE[waiting])} as value, code_hash, old.attempts as attempts,
      closed_at is null and expires_at > app_now() as is_open`.execute(trx)
  const change = rows[0]
  if (!change) return refused('request:not-found')
  const judged = judgeCode({
    isOpen: change.is_open,
    attemptsBefore: change.attempts,
    matches: hashesFor(change.value).some((hash) => timingSafeEqual(change.code_hash, hash)),
  })
  if (!judged.ok) return judged
  await closeOpen(trx, viewer, waiting)
  return ok(change.value)
}

/** Takes the code that was sent: the new address becomes the contact, and the old one is told. Five attempts. */
export async function confirmEmail(
  viewer: Viewer,
  { changeId, code }: { changeId: string; code: string },
): Promise<Result<{ email: string }>> {
  if (!allowedToFamily(viewer, 'contacts:manage')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const taken = await takeCode(trx, viewer, 'email_change', changeId, (email) =>
      hashesOf(viewer.personId, email, code),
    )
    if (!taken.ok) return taken
    const email = taken.value
    const before = await trx
      .selectFrom('person')
      .select(['email', 'given_name'])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', viewer.personId)
      .executeTakeFirstOrThrow()
    await trx
      .updateTable('person')
      .set({ email, email_verified_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', viewer.personId)
      .execute()
    if (before.email && before.email !== email) {
      const t = await wordsOfPerson(trx, viewer.municipalityId, viewer.personId)
      await enqueueMail(trx, viewer.municipalityId, {
        ...changedMail(before.given_name, t),
        language: t.language,
        dedupeKey: `email-changed:${changeId}`,
        to: before.email,
      })
    }
    await recordAudit(trx, viewer, {
      action: 'contacts:email-confirmed',
      objectType: 'person',
      objectId: viewer.personId,
    })
    return ok({ email })
  })
}

/** Keeps the holder's postal address, and completes the invoices that waited for it. */
export async function changeAddress(viewer: Viewer, typed: Address): Promise<Result<{ completed: number }>> {
  const given = await giveInvoiceAddress(viewer, typed)
  if (given.ok || given.code !== 'invoices:address-known') return given
  return asFamily(viewer, async (trx) => {
    const completed = await keepAddress(trx, viewer, typed)
    await recordAudit(trx, viewer, {
      action: 'contacts:address-changed',
      objectType: 'person',
      objectId: viewer.personId,
    })
    return ok({ completed })
  })
}
