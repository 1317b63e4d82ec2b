import { recipientsToDownload } from '#lib/communications/office/recipient.queries.ts'
import { isListFormat, listFile } from '#lib/lists/list-file.http.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { paramsOf } from '#lib/web/query-params.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

type Context = { params: Promise<{ comune: string; id: string; formato: string }> }

/** Who got a communication and what they did, as a file; not found for a viewer who may not have it. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, id, formato: format } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!isListFormat(format)) return missingFile()
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const found = await recipientsToDownload(viewer, id, paramsOf(new URL(request.url).searchParams))
  return found ? listFile(format, `destinatari-${municipalitySlug}`, found) : missingFile()
}
