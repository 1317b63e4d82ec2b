import Link from 'next/link'
import { Icon } from '#components/ui/icon.tsx'

type MonthLink = { href: string; label: string } | null

const ARROW =
  'inline-flex size-12 items-center justify-center rounded border-2 border-primary bg-white hover:bg-primary-light'

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
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
      <div className="flex items-center gap-3">
        <MonthArrow link={previous} icon="chevron-left" />
        <h2 className="min-w-40 text-center text-xl first-letter:uppercase" aria-live="polite">
          {title}
        </h2>
        <MonthArrow link={next} icon="chevron-right" />
      </div>
      <nav aria-label="Come vedere i giorni" className="flex gap-4 print:hidden">
        {views.map(({ href, label, current }) => (
          <Link
            key={label}
            href={href}
            prefetch={false}
            aria-current={current ? 'true' : undefined}
            className="inline-flex min-h-11 items-center aria-[current=true]:font-semibold aria-[current=true]:text-ink aria-[current=true]:no-underline"
          >
            {label}
          </Link>
        ))}
      </nav>
    </div>
  )
}

/** At the ends of the school year the arrow keeps its place and leads nowhere. */
function MonthArrow({ link, icon }: { link: MonthLink; icon: 'chevron-left' | 'chevron-right' }) {
  if (!link) return <span className="size-12" />
  return (
    <Link href={link.href} prefetch={false} aria-label={link.label} className={ARROW}>
      <Icon name={icon} size="lg" />
    </Link>
  )
}
