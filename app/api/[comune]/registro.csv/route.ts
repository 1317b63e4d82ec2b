import { registersToExport } from '#lib/audit/queries.ts'
import { currentViewer, isFreshlyIdentified } from '#lib/auth/session.ts'
import { parseDay } from '#lib/day.ts'

const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

type Context = { params: Promise<{ comune: string }> }

/** The registers of a period as a file, for an authority. Only for a manager, just after SPID or CIE. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune } = await params
  const query = new URL(request.url).searchParams
  const [from, to] = [parseDay(query.get('dal')), parseDay(query.get('al'))]
  const viewer = await currentViewer(comune)
  if (!viewer || !from || !to) return missing()
  if (!(await isFreshlyIdentified(comune))) {
    return new Response(null, { status: 303, headers: { location: `/admin/${comune}/registro` } })
  }
  const csv = await registersToExport(viewer, { from, to, reason: (query.get('motivo') ?? '').slice(0, 200) })
  if (csv === null) return missing()
  return new Response(csv, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="registro-${from}-${to}.csv"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
