import { Icon } from '#components/ui/icon.tsx'
import type { Section } from './sections.ts'

/** Rows that lead somewhere, each as tall as a thumb. */
export function LinkList({ label, links }: { label: string; links: Section[] }) {
  return (
    <nav
      aria-label={label}
      data-surface
      className="overflow-hidden rounded-lg border border-line bg-white shadow-low"
    >
      <ul className="divide-y divide-line">
        {links.map((link) => (
          <li key={link.href}>
            <a
              href={link.href}
              className="flex min-h-16 items-center gap-4 px-5 py-3 font-semibold text-ink no-underline hover:bg-canvas hover:text-primary-deep"
            >
              <Icon name={link.icon} size="lg" className="text-primary" />
              <span className="flex-1">{link.label}</span>
              <Icon name="chevron-right" className="text-muted" />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
