import { isListFormat, listFile } from '#lib/lists/list-file.http.ts'
import { paymentsToDownload } from '#lib/payments/office/payment.queries.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { paramsOf } from '#lib/web/query-params.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

type Context = { params: Promise<{ comune: string; formato: string }> }

/** The payments that the page's address finds, as a file; not found for a viewer who may not have them. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, formato: format } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!isListFormat(format)) return missingFile()
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const found = await paymentsToDownload(viewer, paramsOf(new URL(request.url).searchParams))
  return found ? listFile(format, `pagamenti-${municipalitySlug}`, found) : missingFile()
}
