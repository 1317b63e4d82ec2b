import 'server-only'
import { sql } from 'kysely'
import { readAsFamily } from '#db/reading.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { ADDRESS_COLUMNS, writtenAddress } from '#lib/invoices/invoice-record.ts'
import { env, hasSms } from '#lib/kernel/env.ts'
import type { Contacts } from './contact.ts'
import { isTextedIn, readPhone } from './phone.ts'

/** The viewer's own contacts; null for a viewer without a household. */
export async function contactsOf(viewer: Viewer): Promise<Contacts | null> {
  if (!allowedToFamily(viewer, 'contacts:manage')) return null
  return readAsFamily(viewer, async (trx) => {
    const [person, waiting, waitingPhone] = await Promise.all([
      trx
        .selectFrom('person')
        .select(['email', 'email_verified_at', 'refused_email', 'phone', 'phone_verified_at'])
        .select(ADDRESS_COLUMNS)
        .where('municipality_id', '=', viewer.municipalityId)
        .where('id', '=', viewer.personId)
        .executeTakeFirstOrThrow(),
      trx
        .selectFrom('email_change')
        .select(['id', 'email', 'expires_at as expiresAt'])
        .where('municipality_id', '=', viewer.municipalityId)
        .where('person_id', '=', viewer.personId)
        .where('closed_at', 'is', null)
        .where('expires_at', '>', sql<Date>`app_now()`)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .executeTakeFirst(),
      trx
        .selectFrom('phone_change')
        .select(['id', 'phone', sql<boolean>`undelivered_at is not null`.as('isUndelivered')])
        .where('municipality_id', '=', viewer.municipalityId)
        .where('person_id', '=', viewer.personId)
        .where('closed_at', 'is', null)
        .where('expires_at', '>', sql<Date>`app_now()`)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .executeTakeFirst(),
    ])
    const phone = person.phone === null ? null : readPhone(person.phone)
    return {
      email: person.email,
      emailVerifiedAt: person.email_verified_at,
      isEmailRefused: person.email !== null && person.email === person.refused_email,
      phone: person.phone ? { number: person.phone, verifiedAt: person.phone_verified_at } : null,
      address: writtenAddress(person),
      waiting: waiting ?? null,
      waitingPhone: waitingPhone ?? null,
      canVerifyPhones: hasSms(),
      isPhoneTexted: phone !== null && isTextedIn(phone, env().SMS_CALLING_CODES),
      needsAddress: allowedToFamily(viewer, 'household:manage'),
    }
  })
}
