import type { MetadataRoute } from 'next'
import { portalManifest } from '#lib/app-manifest.ts'

export default function manifest(): MetadataRoute.Manifest {
  return portalManifest()
}
