import type { HeaderViewer } from '#lib/session/header-viewer.ts'
import { useWords } from '#words'
import { BottomBar } from './bottom-bar.tsx'
import { bottomBarSections, familySections, publicSections } from './sections.ts'
import { type HeaderMunicipality, SiteHeader } from './site-header.tsx'

/**
 * The header of a municipality's pages, with the bar under the thumb.
 * @param address the address of the page being drawn, with its query
 */
export function ShellHead({
  municipality,
  headerViewer,
  address,
}: {
  municipality: HeaderMunicipality
  headerViewer: HeaderViewer | null
  address: string
}) {
  const t = useWords()
  const { slug } = municipality
  const path = address.split('?')[0] as string
  const bar = headerViewer ? bottomBarSections(slug, headerViewer, t) : []
  return (
    <>
      <SiteHeader
        path={path}
        address={address}
        municipality={municipality}
        publicSections={publicSections(slug, t)}
        headerViewer={headerViewer}
        sections={headerViewer ? familySections(slug, headerViewer, t) : []}
      />
      {bar.length > 0 && <BottomBar sections={bar} path={path} />}
    </>
  )
}
