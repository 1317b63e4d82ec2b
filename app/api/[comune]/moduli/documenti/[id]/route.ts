import { documentFacts, documentFor } from '#lib/forms/form-document.queries.ts'
import { currentFiller, viewerOfFile } from '#lib/session/session.request.ts'
import { overFileBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

type Context = { params: Promise<{ comune: string; id: string }> }

const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

/** A document of a form, for the person who uploaded it and the office that handles it; not found for every other viewer. Always a download. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, id } = await params
  const viewer = await viewerOfFile(municipalitySlug, currentFiller)
  if (viewer instanceof Response) return viewer
  if (request.method === 'HEAD') return headOf(await documentFacts(viewer, id))
  const refusal = overFileBudget(viewer, await readWords())
  if (refusal) return refusal
  const file = await documentFor(viewer, id)
  if (!file) return missing()
  return new Response(new Uint8Array(file.bytes), { headers: headersOf(file) })
}

type Facts = { name: string; mediaType: string }

const headersOf = ({ name, mediaType }: Facts) => ({
  'content-type': mediaType,
  'content-disposition': `attachment; filename="${name}"`,
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
})

const headOf = (facts: Facts | null) =>
  facts ? new Response(null, { headers: headersOf(facts) }) : missing()
