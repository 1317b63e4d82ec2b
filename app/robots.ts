import type { MetadataRoute } from 'next'
import { env } from '#lib/kernel/env.ts'

export const dynamic = 'force-dynamic'

/** Public pages are for everybody to find; a demonstration is for nobody. */
export default function robots(): MetadataRoute.Robots {
  const { DEMO, PUBLIC_ORIGIN } = env()
  if (DEMO) return { rules: { userAgent: '*', disallow: '/' } }
  return {
    rules: { userAgent: '*', allow: '/', disallow: ['/admin', '/api'] },
    sitemap: `${PUBLIC_ORIGIN}/sitemap.xml`,
  }
}
