import { Icon } from '#components/ui/icon.tsx'
import { useWords } from '#words'
import { SectionLink } from './section-link.tsx'
import type { Section } from './sections.ts'

/**
 * The family's places under the thumb, on anything narrower than a desktop. In a window as low as a page zoomed to 400 % it would
 * cover what is read: there it stands under the header and scrolls away.
 */
export function BottomBar({ sections, path }: { sections: Section[]; path: string }) {
  const t = useWords()
  return (
    <nav
      aria-label={t('Sezioni')}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-white pb-[env(safe-area-inset-bottom)] shadow-high lg:hidden print:hidden [@media(max-height:30rem)]:static [@media(max-height:30rem)]:shadow-none"
    >
      <ul className="mx-auto flex max-w-xl">
        {sections.map((section) => (
          <li key={section.href} className="min-w-0 flex-1">
            <SectionLink
              href={section.href}
              path={path}
              className="flex min-h-16 flex-col items-center justify-center gap-0.5 border-t-4 border-transparent px-0.5 text-[0.8125rem] leading-tight text-ink no-underline hover:text-primary-deep aria-[current=page]:border-primary aria-[current=page]:font-semibold aria-[current=page]:text-primary-dark"
            >
              <Icon name={section.icon} size="lg" />
              <span className="max-w-full truncate">{section.short ?? section.label}</span>
            </SectionLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
