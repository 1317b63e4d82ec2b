import { Said } from '#components/language/said.tsx'
import { useWords } from '#words'
import { Icon } from './icon.tsx'

export type Crumb = { label: string; href?: string }

/** Where this page stands. The last crumb is the page itself and carries no link. */
export function Breadcrumb({ items }: { items: Crumb[] }) {
  const t = useWords()
  return (
    <nav
      aria-label={t('Percorso di navigazione')}
      data-element="breadcrumb"
      className="mb-4 hidden sm:block print:hidden"
    >
      <ol className="flex flex-wrap items-center gap-x-1.5 gap-y-2 text-sm">
        {items.map((item, index) => (
          <li key={item.label} className="flex items-center gap-1.5">
            {index > 0 && <Icon name="chevron-right" size="sm" className="text-muted" />}
            {item.href ? (
              <a href={item.href}>
                <Said text={item.label} />
              </a>
            ) : (
              <span aria-current="page" className="text-muted">
                <Said text={item.label} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
