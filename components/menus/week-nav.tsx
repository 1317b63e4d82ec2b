import { Icon } from '#components/ui/icon.tsx'
import { useWords } from '#words'

const ARROW =
  'inline-flex size-12 shrink-0 items-center justify-center rounded border-2 border-primary bg-white hover:bg-primary-light print:hidden'

function Arrow({ href, back, label }: { href: string | null; back?: boolean; label: string }) {
  if (!href) return <span className="size-12 print:hidden" />
  return (
    <a href={href} rel={back ? 'prev' : 'next'} aria-label={label} className={ARROW}>
      <Icon name={back ? 'chevron-left' : 'chevron-right'} size="lg" />
    </a>
  )
}

/** The week on show between the two beside it; at the ends of the school years an arrow keeps its place. */
export function WeekNav({
  title,
  previous,
  next,
}: {
  title: string
  previous: string | null
  next: string | null
}) {
  const t = useWords()
  return (
    <div className="flex items-center justify-between gap-3 sm:justify-start">
      <Arrow href={previous} back label={t('Settimana precedente')} />
      <p className="text-center text-lg font-semibold text-ink print:text-start">{title}</p>
      <Arrow href={next} label={t('Settimana successiva')} />
    </div>
  )
}
