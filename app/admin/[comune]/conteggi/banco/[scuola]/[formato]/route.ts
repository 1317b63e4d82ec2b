import { parseDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { dietLabelsPdf } from '#lib/kitchen/diet-labels.pdf.ts'
import { hatchSheet } from '#lib/kitchen/hatch.queries.ts'
import { dietLabels, type HatchSheet } from '#lib/kitchen/hatch.ts'
import { hatchSheetPdf } from '#lib/kitchen/hatch-sheet.pdf.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { drawInTurn } from '#lib/web/drawing-queue.ts'
import { busyWithFiles, missingFile, overFileBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

type Drawn = (sheet: HatchSheet & { namesOnLabels: boolean }) => Promise<Buffer>

const DRAWN: Readonly<Record<string, Drawn>> = {
  foglio: hatchSheetPdf,
  etichette: (sheet) =>
    dietLabelsPdf(dietLabels(sheet, sheet.namesOnLabels), { ...sheet, madeAt: sheet.readAt }),
}

type Context = { params: Promise<{ comune: string; scuola: string; formato: string }> }

/** The diets of a school on the day of `?giorno=`, as a sheet in large letters or as labels. Not found for who may not read them. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, scuola, formato } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  const refusal = overFileBudget(viewer, italian)
  if (refusal) return refusal
  const day = parseDay(new URL(request.url).searchParams.get('giorno'))
  const draw = Object.hasOwn(DRAWN, formato) ? DRAWN[formato] : undefined
  const sheet = draw && day && isUuid(scuola) ? await hatchSheet(viewer, { schoolId: scuola, day }) : null
  if (!sheet || !draw) return missingFile()
  const pdf = await drawInTurn(() => draw(sheet), null)
  if (!pdf) return busyWithFiles(italian)
  return new Response(new Uint8Array(pdf), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="diete-${formato}-${day}.pdf"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
