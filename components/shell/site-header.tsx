import { Icon } from '#components/ui/icon.tsx'
import type { HeaderViewer } from '#lib/session/header-viewer.ts'
import { fill } from '#lib/words/fill.ts'
import { phrase, plural } from '#lib/words/language.ts'
import { useWords } from '#words'
import { LanguageSwitch } from './language-switch.tsx'
import { PersonMenu } from './person-menu.tsx'
import { SectionLink } from './section-link.tsx'
import { initialsOf, type Section } from './sections.ts'

export type HeaderMunicipality = {
  slug: string
  name: string
  operatorName: string
  /** Address of the picture, on our own origin. */
  coatOfArms?: string | null
}

const MENU_ROW =
  'flex min-h-12 w-full items-center gap-3 rounded px-3 text-start text-ink no-underline hover:bg-canvas hover:text-primary-deep'

function PersonSummary({ name }: { name: string }) {
  const t = useWords()
  return (
    <>
      <span
        aria-hidden="true"
        className="flex size-8 items-center justify-center rounded-full bg-white text-sm font-semibold text-primary-dark"
      >
        {initialsOf(name)}
      </span>
      <span aria-hidden="true" className="hidden font-semibold sm:inline">
        {name}
      </span>
      <span className="sr-only">{t('{name}, menu personale', { name })}</span>
      <Icon name="chevron-down" size="sm" />
    </>
  )
}

const UNLOCKED_WITH = {
  sequence: phrase('con la sequenza, su questo dispositivo'),
  passkey: phrase('con l’impronta o il volto, su questo dispositivo'),
} as const

/** Who is signed in, with the menu under the name. */
export function SignedIn({
  municipalitySlug,
  headerViewer,
}: {
  municipalitySlug: string
  headerViewer: HeaderViewer
}) {
  const t = useWords()
  return (
    <PersonMenu summary={<PersonSummary name={headerViewer.name} />}>
      <p className="px-3 py-2 text-sm text-muted">
        {fill(t('Accesso come {strong}'), {
          strong: (
            <strong key="strong" className="block text-base text-ink">
              {headerViewer.name}
            </strong>
          ),
        })}
        {headerViewer.unlockedWith && t(UNLOCKED_WITH[headerViewer.unlockedWith])}
      </p>
      {headerViewer.family && (
        <a href={`/${municipalitySlug}/servizi`} className={MENU_ROW}>
          <Icon name="users" /> {t('Utenti / Servizi')}
        </a>
      )}
      <a href={`/${municipalitySlug}/profilo/accessi`} className={MENU_ROW}>
        <Icon name="monitor-smartphone" /> {t('Accessi e dispositivi')}
      </a>
      {headerViewer.staff && (
        <a href={`/admin/${municipalitySlug}`} className={MENU_ROW}>
          <Icon name="layout-dashboard" /> {t('Area del gestore')}
        </a>
      )}
      <form method="post" action="/api/auth/signout" className="mt-1 border-t border-line pt-1">
        <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
        <button type="submit" className={`${MENU_ROW} font-semibold`}>
          <Icon name="log-out" /> {t('Esci')}
        </button>
      </form>
    </PersonMenu>
  )
}

const MOST_SHOWN = 99

/** The way to one's notifications; the figure is a word too, for screen readers. */
function Bell({ municipalitySlug, unread }: { municipalitySlug: string; unread: number }) {
  const t = useWords()
  return (
    <a
      href={`/${municipalitySlug}/notifiche`}
      className="flex min-h-11 min-w-11 items-center justify-center gap-1 rounded text-white no-underline hover:text-white hover:underline"
    >
      <Icon name="bell" size="lg" />
      <span className="sr-only">
        {unread === 0
          ? t('Notifiche, nessuna da leggere')
          : t(plural('Notifiche, {n} da leggere', 'Notifiche, {n} da leggere'), { n: unread })}
      </span>
      {unread > 0 && (
        <span
          aria-hidden="true"
          className="rounded-full bg-white px-1.5 text-sm font-semibold text-primary-dark"
        >
          {unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}
        </span>
      )}
    </a>
  )
}

/** The slim bar on top of every page: whose service it is on the left, who you are on the right. */
function SlimBar({ municipality, headerViewer, address }: HeaderProps) {
  const t = useWords()
  return (
    <div className="bg-primary-dark text-white">
      <div className="container-page flex min-h-12 items-center justify-between gap-4 text-sm">
        <p className="min-w-0 py-1 max-xs:sr-only">
          <span className="hidden sm:inline">{t('Servizio gestito da')} </span>
          {municipality.operatorName}
        </p>
        <div className="ms-auto flex shrink-0 items-center gap-2 sm:gap-4">
          {address && <LanguageSwitch path={address} />}
          {headerViewer ? (
            <>
              {headerViewer.unread !== undefined && (
                <Bell municipalitySlug={municipality.slug} unread={headerViewer.unread} />
              )}
              <SignedIn municipalitySlug={municipality.slug} headerViewer={headerViewer} />
            </>
          ) : (
            <a
              href={`/${municipality.slug}/accesso`}
              data-element="personal-area-login"
              className="flex min-h-11 shrink-0 items-center gap-2 rounded px-1 font-semibold text-white no-underline hover:text-white hover:underline"
            >
              <Icon name="user" />
              <span aria-hidden="true" className="sm:hidden">
                {t('Accedi')}
              </span>
              <span className="sr-only sm:not-sr-only">{t('Accedi all’area personale')}</span>
            </a>
          )}
        </div>
      </div>
    </div>
  )
}

/** The municipality's coat of arms when it gave one; the portal's mark, cutlery in a white disc, otherwise. */
export function Mark({
  coatOfArms,
  className = 'size-12 sm:size-14',
}: {
  coatOfArms?: string | null | undefined
  className?: string
}) {
  // The name of the municipality is written beside it.
  if (coatOfArms)
    // biome-ignore lint/performance/noImgElement: no optimiser here (next.config.mjs), and the size is given.
    return <img src={coatOfArms} alt="" width={56} height={56} className={`object-contain ${className}`} />
  return (
    <span
      className={`flex shrink-0 items-center justify-center rounded-full bg-white text-primary ${className}`}
    >
      <Icon name="utensils" size="lg" />
    </span>
  )
}

function DesktopNavigation({ sections, path }: { sections: Section[]; path: string }) {
  const t = useWords()
  return (
    <nav aria-label={t('Sezioni')} className="hidden border-b border-line bg-white lg:block print:hidden">
      {/* Each line of links begins where the page's text does. */}
      <ul className="container-page flex flex-wrap text-[1rem] [&>li]:-ms-3 [&>li]:me-3">
        {sections.map((section) => (
          <li key={section.href}>
            <SectionLink
              href={section.href}
              path={path}
              className="flex min-h-14 items-center border-b-4 border-transparent px-3 font-semibold text-ink no-underline hover:bg-canvas hover:text-primary-deep aria-[current=page]:border-primary aria-[current=page]:text-primary-dark"
            >
              {section.label}
            </SectionLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** What anyone may read, at hand on every page and width. */
function PublicNavigation({ sections, path }: { sections: Section[]; path: string }) {
  const t = useWords()
  return (
    <nav aria-label={t('Informazioni per tutti')} className="print:hidden">
      <ul className="container-page flex flex-wrap [&>li]:-ms-2 [&>li]:me-2 sm:[&>li]:-ms-3 sm:[&>li]:me-4">
        {sections.map((section) => (
          <li key={section.href}>
            <SectionLink
              href={section.href}
              path={path}
              className="flex min-h-11 items-center border-b-4 border-transparent px-2 text-sm font-semibold text-white sm:px-3 sm:text-base no-underline hover:text-white hover:underline aria-[current=page]:border-white"
            >
              {section.label}
            </SectionLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

type HeaderProps = {
  municipality: HeaderMunicipality
  headerViewer: HeaderViewer | null
  /** The address of the page being drawn, with its query, where its language may be chosen. */
  address?: string
}

/**
 * Slim bar, the municipality's name and, from a desktop's width on, the sections.
 * @param path the address of the page being drawn
 * @param publicSections what anyone may read
 */
export function SiteHeader({
  sections,
  path,
  publicSections = [],
  ...props
}: HeaderProps & {
  sections: Section[]
  path: string
  publicSections?: Section[]
}) {
  const t = useWords()
  const { municipality } = props
  return (
    <header>
      <div className="print:hidden">
        <SlimBar {...props} />
      </div>
      <div className="bg-primary text-white print:bg-white print:text-ink">
        <div className="container-page flex min-h-20 items-center py-3 sm:min-h-24 print:mb-5 print:min-h-0 print:border-b print:border-line-strong print:px-0 print:pt-0 print:pb-2">
          <a
            href={`/${municipality.slug}`}
            className="flex items-center gap-3 text-white no-underline hover:text-white sm:gap-4 print:text-ink"
          >
            <Mark coatOfArms={municipality.coatOfArms} />
            <span>
              <span className="block text-xl leading-tight font-semibold sm:text-2xl">
                {t('Comune di {name}', { name: municipality.name })}
              </span>
              <span className="block">{t('Mensa scolastica')}</span>
            </span>
          </a>
        </div>
        {publicSections.length > 0 && <PublicNavigation sections={publicSections} path={path} />}
      </div>
      {sections.length > 0 && <DesktopNavigation sections={sections} path={path} />}
    </header>
  )
}

/** The header of the pages that belong to no municipality yet. */
export function PortalHeader({ address }: Pick<HeaderProps, 'address'>) {
  const t = useWords()
  return (
    <header className="bg-primary text-white">
      <div className="container-page flex min-h-20 items-center justify-between gap-x-4 py-3 max-xs:flex-wrap">
        <a href="/" className="flex items-center gap-3 text-white no-underline hover:text-white">
          <Mark className="size-12" />
          <span>
            <span className="block text-xl leading-tight font-semibold">{t('Refettorio')}</span>
            <span className="block">{t('Il portale della mensa scolastica')}</span>
          </span>
        </a>
        {address && <LanguageSwitch path={address} />}
      </div>
    </header>
  )
}
