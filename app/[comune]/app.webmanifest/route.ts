import { comuneManifest, MANIFEST_LANGUAGE } from '#lib/app-manifest.ts'
import { wordsIn } from '#lib/language/english.ts'
import { isLanguage } from '#lib/language/language.ts'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

type Context = { params: Promise<{ comune: string }> }

/** The manifest of one Comune's app. Browsers ask for it without cookies: its address says the language. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const municipality = await municipalityBySlug((await params).comune)
  if (!municipality) return new Response(null, { status: 404 })
  const asked = new URL(request.url).searchParams.get(MANIFEST_LANGUAGE)
  return Response.json(comuneManifest(municipality, wordsIn(isLanguage(asked) ? asked : 'it')), {
    headers: { 'content-type': 'application/manifest+json', 'cache-control': 'public, max-age=3600' },
  })
}
