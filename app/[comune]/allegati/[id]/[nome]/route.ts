import { readFile } from '#lib/files/file.queries.ts'
import { isPicture } from '#lib/files/file-type.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'
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
  const file = municipality && (await readFile(municipality.id, id, viewer))
  if (!file) return notFound()
  const etag = `"${file.sha256}"`
  const headers = {
    etag,
    'cache-control': file.isPublic ? 'no-cache' : 'private, no-cache',
  }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      ...headers,
      'content-type': file.mediaType,
      'content-disposition': `${isPicture(file.mediaType) ? 'inline' : 'attachment'}; filename="${file.name}"`,
    },
  })
}
