import { communicationPdf } from '#lib/communications/communication.pdf.ts'
import { communicationToDownload } from '#lib/communications/communication.queries.ts'
import { slugOf } from '#lib/kernel/slug.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { drawInTurn } from '#lib/web/drawing-queue.ts'
import { busyWithFiles, overFileBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

type Context = { params: Promise<{ comune: string; id: string }> }

/** A communication of the viewer as a PDF. Not found for a viewer who may not have it, and for a withdrawn one. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, id } = await params
  const [viewer, municipality] = await Promise.all([
    viewerOfFile(municipalitySlug),
    municipalityBySlug(municipalitySlug),
  ])
  if (viewer instanceof Response) return viewer
  const found = municipality && (await communicationToDownload(viewer, id))
  if (!municipality || !found?.text) return missing()
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="${slugOf(found.title)}.pdf"`,
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  }
  if (request.method === 'HEAD') return new Response(null, { headers })
  const t = await readWords()
  const refusal = overFileBudget(viewer, t)
  if (refusal) return refusal
  const { text, title, publishedAt } = found
  const printed = {
    title,
    publishedAt,
    kind: text.kind,
    body: text.body,
    files: text.files,
    sender: municipality.operator.name,
    municipalityName: municipality.name,
  }
  const pdf = await drawInTurn(() => communicationPdf(printed, t), null)
  if (!pdf) return busyWithFiles(t)
  return new Response(new Uint8Array(pdf), { headers })
}
