import type { Viewer } from '#lib/access/viewer.ts'
import { type FileFacts, fileFacts, readFile } from '#lib/files/file.queries.ts'
import { isPicture } from '#lib/files/file-type.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'
import { answerFile } from '#lib/web/file-answer.http.ts'
import { COSTLY_BYTES, overFileBudget, overPublicBudget } from '#lib/web/refused-file.http.ts'
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
    const refusal = await overBudget(request, viewer, facts)
    if (refusal) return refusal
    const file = await readFile(municipality.id, id, viewer)
    return file ? new Response(new Uint8Array(file.bytes), { headers }) : notFound()
  })
}

/** Every page shows small pictures: they take no use. Of a large file each reading counts. */
async function overBudget(
  request: Request,
  viewer: Viewer | null,
  facts: FileFacts,
): Promise<Response | null> {
  if (facts.size <= COSTLY_BYTES && (isPicture(facts.mediaType) || !viewer)) return null
  const t = await readWords()
  return viewer ? overFileBudget(viewer, t) : overPublicBudget(request, t)
}
