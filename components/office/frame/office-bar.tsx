import type { ReactNode } from 'react'
import { Mark, SignedIn } from '#components/shell/site-header.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { YearSwitch } from '#lib/desk/frame.ts'
import type { HeaderViewer } from '#lib/session/header-viewer.ts'

const YEARS_ID = 'anni-scolastici'
const CONTROL =
  'flex min-h-11 items-center gap-1 rounded px-1 text-white no-underline hover:text-white hover:underline'

type BarMunicipality = { slug: string; name: string; coatOfArms?: string | null }

/** The town and whose office it is, with the way to the others where the person works in more than one. */
function Town({
  municipality,
  area,
  offices,
}: {
  municipality: BarMunicipality
  area: string
  offices: number
}) {
  return (
    <div className="flex min-w-0 items-center gap-2">
      <a
        href={`/admin/${municipality.slug}`}
        className="flex min-h-11 min-w-0 items-center gap-2 text-white no-underline hover:text-white hover:underline"
      >
        <Mark coatOfArms={municipality.coatOfArms} className="size-8" />
        <span className="min-w-0 leading-tight">
          <span className="block truncate font-semibold">
            <span className="max-sm:hidden">Comune di</span> {municipality.name}
          </span>
          <span className="block truncate text-xs">{area}</span>
        </span>
      </a>
      {offices > 1 && (
        <a href="/admin" className={CONTROL}>
          <Icon name="chevrons-up-down" />
          <span className="sr-only">Passa a un altro dei tuoi {offices} Comuni</span>
        </a>
      )}
    </div>
  )
}

const LEADS_TO: Readonly<Record<YearSwitch['of'], string>> = {
  page: 'Questa pagina in un altro anno',
  classes: 'Classi dell’anno scolastico',
}

/** The school year of the page, with the way to the others where there are more. */
function Year({ year: { inSight, of, choices } }: { year: YearSwitch }) {
  const words = (
    <>
      <span className="sr-only">Anno scolastico </span>
      {inSight}
    </>
  )
  if (choices.length === 0) return <p className="text-sm">{words}</p>
  return (
    <>
      <button type="button" popoverTarget={YEARS_ID} className={`${CONTROL} text-sm`}>
        {words}
        <Icon name="chevron-down" size="sm" />
      </button>
      <div id={YEARS_ID} popover="auto" data-surface className="office-menu">
        <p className="px-3 py-1 text-sm text-muted">{LEADS_TO[of]}</p>
        <ul>
          {choices.map(({ name, isCurrent, href }) => (
            <li key={name}>
              <a
                href={href}
                aria-current={name === inSight ? 'true' : undefined}
                className="flex min-h-11 items-center rounded px-3 text-ink no-underline hover:bg-canvas aria-[current=true]:font-semibold"
              >
                {name}
                {isCurrent && ' (in corso)'}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}

/**
 * The narrow bar on top of every page of the office: town and school year always in sight, the search, and who is signed in.
 * @param search what opens the search; nothing for a person who is signed out
 */
export function OfficeBar({
  municipality,
  area,
  offices,
  year,
  headerViewer,
  search,
}: {
  municipality: BarMunicipality
  area: string
  offices: number
  year: YearSwitch | null
  headerViewer: HeaderViewer | null
  search: ReactNode
}) {
  return (
    <header className="office-bar bg-primary-dark text-white print:hidden">
      <div className="flex min-h-12 flex-wrap items-center gap-x-2 px-4 sm:gap-x-4 sm:px-6">
        <Town municipality={municipality} area={area} offices={offices} />
        {year && <Year year={year} />}
        <div className="ms-auto flex items-center gap-2 sm:gap-4">
          {search}
          {headerViewer && <SignedIn municipalitySlug={municipality.slug} headerViewer={headerViewer} />}
        </div>
      </div>
    </header>
  )
}
