import type { MetadataRoute } from 'next'
import { env } from '#lib/kernel/env.ts'

export const dynamic = 'force-dynamic'

/** Search engines may index public pages, and no page of a demonstration. */
export default function robots(): MetadataRoute.Robots {
  const { DEMO, PUBLIC_ORIGIN } = env()
  if (DEMO) return { rules: { userAgent: '*', disallow: '/' } }
  return {
    rules: { userAgent: '*', allow: '/', disallow: ['/admin', '/api'] },
    sitemap: `${PUBLIC_ORIGIN}/sitemap.xml`,
  }
}
