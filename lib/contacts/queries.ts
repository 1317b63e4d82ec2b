import 'server-only'
import { sql } from 'kysely'
import { asFamily } from '#db/client.ts'
import { allowedToFamily } from '#lib/auth/roles.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import type { Contacts } from './contact.ts'

/** The viewer's own contacts; null for whoever is in no family. */
export async function contactsOf(viewer: Viewer): Promise<Contacts | null> {
  if (!allowedToFamily(viewer, 'contacts:manage')) return null
  return asFamily(viewer, async (trx) => {
    const [person, waiting] = await Promise.all([
      trx
        .selectFrom('person')
        .select([
          'email',
          'email_verified_at',
          'refused_email',
          'phone',
          'street',
          'postcode',
          'city',
          'province',
        ])
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
    ])
    const { street, postcode, city, province } = person
    return {
      email: person.email,
      emailVerifiedAt: person.email_verified_at,
      isEmailRefused: person.email !== null && person.email === person.refused_email,
      phone: person.phone,
      address:
        street && postcode && city && province
          ? { street, postalCode: postcode, town: city, province }
          : null,
      waiting: waiting ?? null,
      needsAddress: allowedToFamily(viewer, 'household:manage'),
    }
  })
}
