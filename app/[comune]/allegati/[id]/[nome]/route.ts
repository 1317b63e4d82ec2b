import { fileFacts, readFile } from '#lib/files/file.queries.ts'
import { isPicture } from '#lib/files/file-type.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'
import { answerFile } from '#lib/web/file-answer.http.ts'
import { overFileBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

type Props = { params: Promise<{ comune: string; id: string; nome: string }> }

const notFound = async () =>
  new Response((await readWords())('Non trovato'), {
    status: 404,
    headers: { 'cache-control': 'private, no-store' },
  })

/**
 * A file of something public, of a communication to the viewer, or one of the viewer's office. Pictures are shown, everything else is only ever downloaded.
 * Browsers ask each time whether it is still there: what is
 * withdrawn is gone with the next request. The policy that lets nothing in it run is on the answer too (proxy.ts).
 */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { comune: municipalitySlug, id } = await params
  const [municipality, viewer] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    currentViewer(municipalitySlug),
  ])
  const facts = municipality && (await fileFacts(municipality.id, id, viewer))
  if (!facts) return notFound()
  const identity = {
    tag: facts.sha256,
    headers: {
      'cache-control': facts.isPublic ? 'no-cache' : 'private, no-cache',
      'content-type': facts.mediaType,
      'content-disposition': `${isPicture(facts.mediaType) ? 'inline' : 'attachment'}; filename="${facts.name}"`,
    },
  }
  return answerFile(request, identity, async (headers) => {
    const refusal =
      viewer && !isPicture(facts.mediaType) && overFileBudget(viewer.personId, await readWords())
    if (refusal) return refusal
    const file = await readFile(municipality.id, id, viewer)
    return file ? new Response(new Uint8Array(file.bytes), { headers }) : notFound()
  })
}
