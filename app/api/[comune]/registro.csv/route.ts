import { allowedToStaff } from '#lib/access/capabilities.ts'
import { registersToExport } from '#lib/audit/audit.queries.ts'
import { readAskedPeriod } from '#lib/audit/audit-period.address.ts'
import { isFreshlyIdentified, viewerOfFile } from '#lib/session/session.request.ts'
import { overListBudget } from '#lib/web/refused-file.http.ts'
import { textStream } from '#lib/web/text-stream.ts'
import { italian } from '#lib/words/language.ts'

const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

type Context = { params: Promise<{ comune: string }> }

/** The registers of a period as a file, for an authority. Only for a manager, just after SPID or CIE. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!allowedToStaff(viewer, 'registers:export')) return missing()
  const query = new URL(request.url).searchParams
  const asked = readAskedPeriod(Object.fromEntries(query))
  if ('problems' in asked || !(await isFreshlyIdentified(municipalitySlug))) {
    return new Response(null, {
      status: 303,
      headers: {
        location: `/admin/${municipalitySlug}/registro/consegna?${query}`,
        'cache-control': 'private, no-store',
      },
    })
  }
  const { from, to } = asked
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const pieces = await registersToExport(viewer, asked)
  if (pieces === null) return missing()
  return new Response(textStream(pieces), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="registro-${from}-${to}.csv"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
