import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asFamily } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { onceForAll } from '#lib/kernel/limits.ts'
import { drawInTurn } from '#lib/web/drawing-queue.ts'
import type { Language, Words } from '#lib/words/language.ts'
import { DRAWING_VERSION, invoicePdf } from './invoice.pdf.ts'
import type { InvoiceFacts } from './invoice.queries.ts'

const together = onceForAll<Uint8Array | null>()

/** A hash of all that a copy shows, and of how: two copies with the same one are the same. */
export const copyFingerprint = (
  { document }: InvoiceFacts,
  demonstration: boolean,
  language: Language,
): string =>
  createHash('sha256')
    .update(JSON.stringify([DRAWING_VERSION, demonstration, language, document]))
    .digest('hex')

/**
 * The PDF of an invoice of the viewer, in the reader's language: the copy that was kept, or one that is drawn now and kept.
 * null when too many others wait to be drawn.
 */
export async function invoiceCopy(
  viewer: Viewer,
  facts: InvoiceFacts,
  demonstration: boolean,
  reader: Words,
): Promise<Uint8Array | null> {
  const { language } = reader
  const fingerprint = copyFingerprint(facts, demonstration, language)
  const place = {
    municipality_id: viewer.municipalityId,
    invoice_id: facts.id,
    holder_id: viewer.personId,
    language,
  }
  return together(`${viewer.municipalityId} ${facts.id} ${fingerprint}`, async () => {
    const kept = await keptCopy(viewer, place, fingerprint)
    if (kept) return kept
    return drawInTurn(async () => {
      const content = await invoicePdf(facts.document, demonstration, reader)
      await keepCopy(viewer, place, { fingerprint, content })
      return content
    }, null)
  })
}

type Place = { municipality_id: string; invoice_id: string; holder_id: string; language: Language }

const keptCopy = (viewer: Viewer, place: Place, fingerprint: string): Promise<Uint8Array | undefined> =>
  readAsFamily(viewer, async (trx) => {
    const row = await trx
      .selectFrom('invoice_copy')
      .select('content')
      .where('municipality_id', '=', place.municipality_id)
      .where('invoice_id', '=', place.invoice_id)
      .where('holder_id', '=', place.holder_id)
      .where('language', '=', place.language)
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst()
    return row?.content
  })

/** Takes the place of a copy that shows something else, or was drawn by another version. */
const keepCopy = (
  viewer: Viewer,
  place: Place,
  drawn: { fingerprint: string; content: Buffer },
): Promise<unknown> =>
  asFamily(viewer, (trx) =>
    trx
      .insertInto('invoice_copy')
      .values({ ...place, ...drawn })
      .onConflict((same) =>
        same
          .columns(['municipality_id', 'invoice_id', 'holder_id', 'language'])
          .doUpdateSet({ ...drawn, drawn_at: sql`app_now()` }),
      )
      .execute(),
  )
