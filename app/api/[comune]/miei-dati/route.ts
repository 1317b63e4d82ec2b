import { dayInRome } from '#lib/kernel/day.ts'
import { personalExport } from '#lib/privacy/personal-data.queries.ts'
import { exportInHtml } from '#lib/privacy/personal-data.ts'
import { isFreshlyIdentified, viewerOfFile } from '#lib/session/session.request.ts'
import { overFileBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

type Context = { params: Promise<{ comune: string }> }

/** All of one's own data, as a file. Only just after SPID or CIE; not found for a viewer who may not have it. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const format = new URL(request.url).searchParams.get('formato')
  if (format !== 'json' && format !== 'html') return missing()
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!(await isFreshlyIdentified(municipalitySlug))) {
    return new Response(null, {
      status: 303,
      headers: { location: `/${municipalitySlug}/profilo/dati`, 'cache-control': 'private, no-store' },
    })
  }
  const t = await readWords()
  const refusal = overFileBudget(viewer, t)
  if (refusal) return refusal
  const data = await personalExport(viewer)
  if (!data) return missing()
  const type = format === 'json' ? 'application/json' : 'text/html'
  return new Response(format === 'json' ? JSON.stringify(data, null, 2) : exportInHtml(data, t), {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="i-miei-dati-${dayInRome(data.madeAt)}.${format}"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
