import type { Mapping } from '#lib/imports/mapping.ts'
import { fileOfRows, rowsToCorrect } from '#lib/imports/model-file.ts'
import { importToDownload } from '#lib/imports/office/import.queries.ts'
import { readTable } from '#lib/imports/table-file.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { overListBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

/** The rows of an import that a person must look at, in the form of the file, with what is wrong. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ comune: string; id: string }> },
): Promise<Response> {
  const { comune, id } = await params
  const viewer = await viewerOfFile(comune)
  if (viewer instanceof Response) return viewer
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const headers = { 'cache-control': 'private, no-store' }
  const found = await importToDownload(viewer, id)
  const read = found ? readTable(found.content) : null
  const sheet = read?.ok ? read.value.sheets[found?.row.mapping.sheet ?? 0] : undefined
  if (!found || !sheet) return new Response('Non trovato', { status: 404, headers })
  const { form, mapping } = found.row
  const file = fileOfRows(form, rowsToCorrect(sheet, mapping as Mapping, found.findings))
  const isCsv = form === 'csv'
  return new Response(typeof file === 'string' ? file : Buffer.from(file), {
    headers: {
      ...headers,
      'content-type': isCsv
        ? 'text/csv; charset=utf-8'
        : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename="da-correggere.${isCsv ? 'csv' : 'xlsx'}"`,
    },
  })
}
