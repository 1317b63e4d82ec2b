import './globals.css'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { AreaWords } from '#components/language/area-words.tsx'
import { DemoBanner } from '#components/shell/demo-banner.tsx'
import { env } from '#lib/kernel/env.ts'
import { manifestHref } from '#lib/web/app-manifest.ts'
import { directionOf } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { fontVariables } from './fonts.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return {
    title: { default: t('Refettorio, il portale della mensa scolastica'), template: '%s · Refettorio' },
    description: t('Presenze, pagamenti e notizie della mensa scolastica del tuo Comune.'),
    manifest: manifestHref('/app.webmanifest', t.language),
    formatDetection: { telephone: false, date: false, address: false, email: false },
  }
}

export const viewport: Viewport = { themeColor: '#004d99', viewportFit: 'cover' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page is drawn per request: its scripts carry the nonce of that request (lib/entry/page-headers.ts).
  await headers()
  const t = await readWords()
  return (
    <html lang={t.language} dir={directionOf(t.language)} className={fontVariables}>
      <body>
        <a href="#contenuto" className="skip-link">
          {t('Vai al contenuto principale')}
        </a>
        <a href="#piede" className="skip-link">
          {t('Vai al piè di pagina')}
        </a>
        <AreaWords area="app">
          {env().DEMO && <DemoBanner />}
          {children}
        </AreaWords>
      </body>
    </html>
  )
}
