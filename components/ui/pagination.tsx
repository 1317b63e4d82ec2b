import { useWords } from '#words'
import { Icon } from './icon.tsx'

/**
 * The way between the pages of a list; nothing when there is one page.
 * @param label what the pages are of, for screen readers ("Pagine dei movimenti")
 */
export function Pagination({
  label,
  page,
  pages,
  hrefOf,
  previous,
  next,
}: {
  label: string
  page: number
  pages: number
  hrefOf: (page: number) => string
  previous?: string
  next?: string
}) {
  const t = useWords()
  if (pages <= 1) return null
  const link = 'inline-flex min-h-12 items-center gap-1 font-semibold'
  return (
    <nav aria-label={label} className="flex flex-wrap items-center justify-between gap-4 print:hidden">
      <span className="min-w-32">
        {page > 1 && (
          <a href={hrefOf(page - 1)} rel="prev" className={link}>
            <Icon name="chevron-left" />
            {previous ?? t('Pagina precedente')}
          </a>
        )}
      </span>
      <span aria-current="page" className="text-muted">
        {t('Pagina {page} di {pages}', { page, pages })}
      </span>
      <span className="min-w-32 text-end">
        {page < pages && (
          <a href={hrefOf(page + 1)} rel="next" className={link}>
            {next ?? t('Pagina successiva')}
            <Icon name="chevron-right" />
          </a>
        )}
      </span>
    </nav>
  )
}
