import { allowedToStaff } from '#lib/access/capabilities.ts'
import { townZip } from '#lib/privacy/office/town-export.csv.ts'
import { beginTownExport, exportRows } from '#lib/privacy/office/town-export.queries.ts'
import { requireFresh, viewerOfFile } from '#lib/session/session.request.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { textStream } from '#lib/web/text-stream.ts'
import { italian } from '#lib/words/language.ts'

type Context = { params: Promise<{ comune: string }> }

/**
 * Everything of the municipality as one ZIP, made while it is taken: only just after SPID or CIE. A viewer who may not have it gets
 * "not found".
 */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!allowedToStaff(viewer, 'town:export')) return missingFile()
  await requireFresh(municipalitySlug)
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const asOf = await beginTownExport(viewer)
  if (!asOf) return missingFile()
  const day = asOf.toISOString().slice(0, 10)
  return new Response(textStream(townZip((file) => exportRows(viewer, file, asOf))), {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${municipalitySlug}-${day}.zip"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
