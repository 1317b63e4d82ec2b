import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { manifestLanguage, manifestResponse, municipalityManifest } from '#lib/web/app-manifest.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'

type Context = { params: Promise<{ comune: string }> }

/** The manifest of one municipality's app. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const municipality = await municipalityBySlug((await params).comune)
  if (!municipality) return new Response(null, { status: 404 })
  return manifestResponse(municipalityManifest(municipality, wordsIn(manifestLanguage(request))))
}
