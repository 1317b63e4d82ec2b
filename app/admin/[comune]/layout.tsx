import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { requestPath } from '#app/request-path.ts'
import { PrintedFoot } from '#components/office/printed-foot.tsx'
import { BottomBar } from '#components/shell/bottom-bar.tsx'
import { SiteFooter } from '#components/shell/site-footer.tsx'
import { SiteHeader } from '#components/shell/site-header.tsx'
import { staffBarSections, staffSections } from '#components/shell/staff-sections.ts'
import type { StaffRole } from '#lib/access/viewer.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { headerViewerOf } from '#lib/session/header-viewer.ts'
import { officesOf } from '#lib/session/own-municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'

type Props = { children: ReactNode; params: Promise<{ comune: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const municipality = await municipalityBySlug((await params).comune)
  const area = `Area del gestore di ${municipality?.name ?? 'un Comune'}`
  return { title: { default: area, template: `%s · ${area}` }, robots: { index: false } }
}

/** Whose pages these are for a person: each role but the operator's own works for another house. */
function areaOf(roles: readonly StaffRole[]): string {
  const isOnly = (...some: StaffRole[]) => roles.length > 0 && roles.every((role) => some.includes(role))
  if (isOnly('editor', 'reader')) return 'Area del Comune'
  if (isOnly('teacher', 'school_office')) return 'Area della scuola'
  return isOnly('kitchen') ? 'Area della cucina' : 'Area del gestore'
}

/** Header, navigation and foot of the office's pages. It shows and does not protect: every page asks who is reading. */
export default async function OfficeLayout({ children, params }: Props) {
  const { comune: municipalitySlug } = await params
  const [municipality, viewer, path] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    currentViewer(municipalitySlug),
    requestPath(),
  ])
  if (!municipality) notFound()
  const offices = viewer ? await officesOf(viewer.citizenId) : []
  const sections = viewer ? staffSections(municipalitySlug, viewer) : []
  const bar = viewer ? staffBarSections(municipalitySlug, viewer) : []
  return (
    <>
      <SiteHeader
        path={path}
        municipality={{
          slug: municipalitySlug,
          name: municipality.name,
          operatorName: municipality.operator.name,
          coatOfArms: municipality.settings.coatOfArms,
        }}
        headerViewer={viewer && headerViewerOf(viewer)}
        sections={sections}
        navigationLabel="Sezioni del gestore"
        area={areaOf(viewer?.staffRoles ?? [])}
      />
      {bar.length > 0 && <BottomBar sections={bar} path={path} />}
      <main id="contenuto" tabIndex={-1}>
        <div className="printed container-page py-6 sm:py-10 print:max-w-none print:p-0">
          {offices.length > 1 && (
            <p className="mb-2 text-sm print:hidden">
              <a href="/admin">Passa a un altro dei tuoi {offices.length} Comuni</a>
            </p>
          )}
          <div>{children}</div>
          {viewer && (
            <PrintedFoot area={`Mensa scolastica di ${municipality.name}`} by={viewer.name} at={new Date()} />
          )}
        </div>
      </main>
      <SiteFooter municipality={municipality} aboveBar={bar.length > 0} />
    </>
  )
}
