import { manifestResponse, manifestWords, portalManifest } from '#lib/web/app-manifest.ts'

/** The manifest of the app before a municipality is chosen. */
export function GET(request: Request): Response {
  return manifestResponse(portalManifest(manifestWords(request)))
}
