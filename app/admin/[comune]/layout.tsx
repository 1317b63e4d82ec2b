import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { requestAddress } from '#app/request-path.ts'
import { OfficeBar } from '#components/office/frame/office-bar.tsx'
import { OfficeFoot } from '#components/office/frame/office-foot.tsx'
import { OfficeNavigation } from '#components/office/frame/office-navigation.tsx'
import { SearchDialog } from '#components/office/frame/search-dialog.tsx'
import { PrintedFoot } from '#components/office/printed-foot.tsx'
import { BottomBar } from '#components/shell/bottom-bar.tsx'
import { staffBarSections, staffGroups } from '#components/shell/staff-sections.ts'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { officeFrame } from '#lib/desk/frame.queries.ts'
import { yearSwitch } from '#lib/desk/frame.ts'
import { PLACE_GROUPS, placeOf } from '#lib/desk/place.ts'
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

/** The frame around the office's pages. It shows and does not protect: every page asks who is reading. */
export default async function OfficeLayout({ children, params }: Props) {
  const { comune: municipalitySlug } = await params
  const [municipality, viewer, address] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    currentViewer(municipalitySlug),
    requestAddress(),
  ])
  if (!municipality) notFound()
  const [path = ''] = address.split('?')
  const [offices, { waiting, years }] = viewer
    ? await Promise.all([officesOf(viewer.citizenId), officeFrame(viewer)])
    : [[], { waiting: [], years: [] }]
  const bar = viewer ? staffBarSections(municipalitySlug, viewer) : []
  const base = `/admin/${municipalitySlug}`
  return (
    <>
      <OfficeBar
        municipality={{
          slug: municipalitySlug,
          name: municipality.name,
          coatOfArms: municipality.settings.coatOfArms,
        }}
        area={areaOf(viewer?.staffRoles ?? [])}
        offices={offices.length}
        year={viewer && yearSwitch(viewer, years, address, base)}
        headerViewer={viewer && headerViewerOf(viewer)}
        search={bar.length > 0 && <SearchDialog path={`${base}/cerca`} />}
      />
      {bar.length > 0 && <BottomBar sections={bar} path={path} />}
      <div className="grow lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)] print:block">
        {viewer && (
          <OfficeNavigation groups={staffGroups(municipalitySlug, viewer)} waiting={waiting} path={path} />
        )}
        <div className="flex min-w-0 flex-col lg:col-start-2 print:block">
          <main id="contenuto" tabIndex={-1} className="office-main">
            <div className="printed px-4 py-4 sm:px-6 print:p-0">
              {viewer && <PlaceCrumbs viewer={viewer} base={base} path={path} />}
              <div>{children}</div>
              {viewer && (
                <PrintedFoot
                  area={`Mensa scolastica di ${municipality.name}`}
                  by={viewer.name}
                  at={new Date()}
                />
              )}
            </div>
          </main>
          <OfficeFoot municipalitySlug={municipalitySlug} aboveBar={bar.length > 0} />
        </div>
      </div>
    </>
  )
}

/** Where the page's place stands in the navigation. A page with a path of its own says it better: then this one is not drawn. */
function PlaceCrumbs({ viewer, base, path }: { viewer: Viewer; base: string; path: string }) {
  const place = placeOf(viewer, path.slice(base.length + 1))
  if (!place) return null
  const group = PLACE_GROUPS[place.group]
  const above = group === place.label ? [] : [{ label: group, href: `${base}/altro#${place.group}` }]
  const href = `${base}/${place.key}`
  // The first page of a group of its name would say its heading twice.
  if (above.length === 0 && path === href) return null
  return (
    <div className="place-crumbs">
      <Breadcrumb items={[...above, path === href ? { label: place.label } : { label: place.label, href }]} />
    </div>
  )
}
