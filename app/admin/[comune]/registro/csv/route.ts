import { allowedToStaff } from '#lib/access/capabilities.ts'
import { readRegisterFilter } from '#lib/privacy/office/register.address.ts'
import { registerCsv } from '#lib/privacy/office/register.csv.ts'
import { registerToExport } from '#lib/privacy/office/register.queries.ts'
import { requireFresh, viewerOfFile } from '#lib/session/session.request.ts'
import { todayInItaly } from '#lib/session/today.queries.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { textStream } from '#lib/web/text-stream.ts'
import { italian } from '#lib/words/language.ts'

type Context = { params: Promise<{ comune: string }> }

/**
 * The lines of a search of the register, as a spreadsheet file: names of many families and what was decided about them, so only just
 * after SPID or CIE. A viewer who may not read them gets "not found".
 */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!allowedToStaff(viewer, 'registers:read')) return missingFile()
  await requireFresh(municipalitySlug)
  const query = Object.fromEntries(new URL(request.url).searchParams)
  const filter = readRegisterFilter(query, await todayInItaly())
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const pages = await registerToExport(viewer, filter)
  if (!pages) return missingFile()
  return new Response(textStream(registerCsv(pages)), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="registro-${municipalitySlug}-${filter.from}-${filter.to}.csv"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
