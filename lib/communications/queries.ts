import 'server-only'
import { sql } from 'kysely'
import { asFamily } from '#db/client.ts'
import { activeHouseholds, heldHouseholds } from '#lib/auth/own-pupils.ts'
import { allowedToFamily } from '#lib/auth/roles.ts'
import type { Viewer } from '#lib/auth/viewer.ts'

/** A message of the office to the families. */
export type Communication = {
  id: string
  title: string
  body: string
  about: 'service' | 'money'
  publishedAt: Date
}

const MOST = 100

/**
 * What the office has sent to the viewer's households and to everybody, newest first, 100 at most.
 * Messages about money reach holders only.
 */
export async function communicationsFor(viewer: Viewer, limit = MOST): Promise<Communication[]> {
  if (!allowedToFamily(viewer, 'communications:read')) return []
  const everyone = activeHouseholds(viewer)
  const paying = heldHouseholds(viewer)
  const rows = await asFamily(viewer, (trx) =>
    trx
      .selectFrom('communication')
      .select(['id', 'title', 'body', 'about', 'published_at as publishedAt'])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('published_at', '<=', sql<Date>`app_now()`)
      .where((where) =>
        where.or([where('expires_at', 'is', null), where('expires_at', '>', sql<Date>`app_now()`)]),
      )
      .where((where) =>
        where.or([
          where.and([
            where('about', '=', 'service'),
            where.or([where('household_id', 'is', null), where('household_id', 'in', everyone)]),
          ]),
          ...(paying.length > 0
            ? [
                where.and([
                  where('about', '=', 'money'),
                  where.or([where('household_id', 'is', null), where('household_id', 'in', paying)]),
                ]),
              ]
            : []),
        ]),
      )
      .orderBy('published_at', 'desc')
      .limit(limit)
      .execute(),
  )
  return rows.map((row) => ({ ...row, about: row.about as Communication['about'] }))
}
