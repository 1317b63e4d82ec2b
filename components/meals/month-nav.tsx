import { Icon } from '#components/ui/icon.tsx'
import { useWords } from '#words'

type MonthLink = { href: string; label: string } | null

const ARROW =
  'needs-network inline-flex size-12 items-center justify-center rounded border-2 border-primary bg-white hover:bg-primary-light print:hidden'

/** The month on show between the two beside it, and the choice between grid and list. */
export function MonthNav({
  title,
  previous,
  next,
  views,
}: {
  title: string
  previous: MonthLink
  next: MonthLink
  views: { href: string; label: string; current: boolean }[]
}) {
  const t = useWords()
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
      <div className="flex items-center gap-3">
        <MonthArrow link={previous} rel="prev" />
        <h2 className="min-w-40 text-center text-xl first-letter:uppercase" aria-live="polite">
          {title}
        </h2>
        <MonthArrow link={next} rel="next" />
      </div>
      <nav aria-label={t('Come vedere i giorni')} className="needs-network flex gap-4 print:hidden">
        {views.map(({ href, label, current }) => (
          <a
            key={label}
            href={href}
            aria-current={current ? 'true' : undefined}
            className="inline-flex min-h-11 items-center aria-[current=true]:font-semibold aria-[current=true]:text-ink aria-[current=true]:no-underline"
          >
            {label}
          </a>
        ))}
      </nav>
    </div>
  )
}

/** At the ends of the school year the arrow keeps its place and leads nowhere. */
function MonthArrow({ link, rel }: { link: MonthLink; rel: 'prev' | 'next' }) {
  if (!link) return <span className="size-12" />
  return (
    <a href={link.href} rel={rel} aria-label={link.label} className={ARROW}>
      <Icon name={rel === 'prev' ? 'chevron-left' : 'chevron-right'} size="lg" />
    </a>
  )
}
