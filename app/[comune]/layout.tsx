import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { requestAddress } from '#app/request-path.ts'
import { AreaWords } from '#components/language/area-words.tsx'
import { LookBand } from '#components/shell/look-band.tsx'
import { MunicipalityColour } from '#components/shell/municipality-colour.tsx'
import { hasBottomBar } from '#components/shell/sections.ts'
import { Shell } from '#components/shell/shell.tsx'
import { footerMunicipality } from '#components/shell/site-footer.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { type HeaderViewer, headerViewerOf } from '#lib/session/header-viewer.ts'
import { currentSession, currentViewer } from '#lib/session/session.request.ts'
import { manifestHref } from '#lib/web/app-manifest.ts'
import { nonceIn } from '#lib/web/security-headers.ts'
import { openGraphLocale } from '#lib/words/locales.ts'
import { readWords } from '#lib/words/words.request.ts'

type Props = { children: ReactNode; params: Promise<{ comune: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await readWords()
  const municipality = await municipalityBySlug((await params).comune)
  if (!municipality) return {}
  const service = t('Mensa scolastica di {name}', { name: municipality.name })
  return {
    metadataBase: new URL(env().PUBLIC_ORIGIN),
    title: { default: service, template: `%s · ${service}` },
    manifest: manifestHref(`/${municipality.slug}/app.webmanifest`, t.language),
    appleWebApp: { title: t('Mensa'), capable: true },
    openGraph: { siteName: service, locale: openGraphLocale(t.language), type: 'website' },
  }
}

/** The viewer as the header shows them, with what waits to be read. */
async function shownHeaderViewer(municipalitySlug: string, viewer: Viewer): Promise<HeaderViewer> {
  const session = await currentSession(municipalitySlug)
  const headerViewer = headerViewerOf(viewer, session?.openedWith)
  if (!session || !allowedToFamily(viewer, 'notifications:read')) return headerViewer
  return { ...headerViewer, unread: session.unread }
}

/** Header, navigation and foot of a municipality's pages. It shows and does not protect: every page asks who is reading. */
export default async function MunicipalityLayout({ children, params }: Props) {
  const { comune: municipalitySlug } = await params
  const [municipality, viewer, address] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    currentViewer(municipalitySlug),
    requestAddress(),
  ])
  if (!municipality) notFound()
  const t = await readWords()
  const headerViewer = viewer && (await shownHeaderViewer(municipalitySlug, viewer))
  return (
    <AreaWords area="app/[comune]">
      <MunicipalityColour
        colour={municipality.settings.colour}
        nonce={nonceIn((await headers()).get('content-security-policy'))}
      />
      {viewer?.look && (
        <LookBand municipalitySlug={municipalitySlug} holderName={viewer.name} look={viewer.look} t={t} />
      )}
      <Shell
        part="head"
        municipality={{
          slug: municipalitySlug,
          name: municipality.name,
          operatorName: municipality.operator.name,
          coatOfArms: municipality.settings.coatOfArms,
        }}
        headerViewer={headerViewer}
        address={address}
      />
      <main id="contenuto" tabIndex={-1}>
        {children}
      </main>
      <Shell
        part="foot"
        municipality={footerMunicipality(municipality)}
        address={address}
        aboveBar={headerViewer !== null && hasBottomBar(headerViewer)}
      />
    </AreaWords>
  )
}
