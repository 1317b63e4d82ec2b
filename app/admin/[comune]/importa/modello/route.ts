import { allowedToStaff } from '#lib/access/capabilities.ts'
import { modelCsv, modelWorkbook } from '#lib/imports/model-file.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'

/** Our own model of a list of pupils, empty: as a workbook, or with `?formato=csv` as a CSV. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ comune: string }> },
): Promise<Response> {
  const viewer = await viewerOfFile((await params).comune)
  if (viewer instanceof Response) return viewer
  const headers = { 'cache-control': 'private, no-store' }
  if (!allowedToStaff(viewer, 'registry:correct'))
    return new Response('Non trovato', { status: 404, headers })
  const isCsv = new URL(request.url).searchParams.get('formato') === 'csv'
  return new Response(isCsv ? modelCsv() : Buffer.from(modelWorkbook()), {
    headers: {
      ...headers,
      'content-type': isCsv
        ? 'text/csv; charset=utf-8'
        : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename="modello-alunni.${isCsv ? 'csv' : 'xlsx'}"`,
    },
  })
}
