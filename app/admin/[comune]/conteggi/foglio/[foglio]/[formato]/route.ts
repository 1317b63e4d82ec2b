import { countSheetCsv } from '#lib/kitchen/count-sheet.csv.ts'
import { countSheetPdf } from '#lib/kitchen/count-sheet.pdf.ts'
import { sheetFor } from '#lib/kitchen/count-sheet.queries.ts'
import { sheetFileName } from '#lib/kitchen/count-sheet.words.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { drawInTurn } from '#lib/web/drawing-queue.ts'
import { busyWithFiles, missingFile, overFileBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const TYPES: Readonly<Record<string, string>> = { pdf: 'application/pdf', csv: 'text/csv; charset=utf-8' }

type Context = { params: Promise<{ comune: string; foglio: string; formato: string }> }

/** A sheet of a kitchen as it was sent, to print or for a spreadsheet. A viewer who may not read it gets "not found". */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, foglio, formato } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  const refusal = overFileBudget(viewer, italian)
  if (refusal) return refusal
  const type = Object.hasOwn(TYPES, formato) ? TYPES[formato] : undefined
  const sheet = type && UUID.test(foglio) ? await sheetFor(viewer, foglio) : null
  if (!sheet || !type) return missingFile()
  const content =
    formato === 'pdf' ? await drawInTurn(() => countSheetPdf(sheet), null) : countSheetCsv(sheet)
  if (content === null) return busyWithFiles(italian)
  return new Response(typeof content === 'string' ? content : new Uint8Array(content), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${sheetFileName(sheet)}.${formato}"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
