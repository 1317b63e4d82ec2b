import { manifestLanguage, manifestResponse, portalManifest } from '#lib/web/app-manifest.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'

/** The manifest of the app before a municipality is chosen. */
export function GET(request: Request): Response {
  return manifestResponse(portalManifest(wordsIn(manifestLanguage(request))))
}
