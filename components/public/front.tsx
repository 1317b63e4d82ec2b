import { ButtonLink } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { useWords } from '#words'
import { type CardContent, ContentCard, contentPath, Moment } from './content-card.tsx'

type Listed = CardContent & { id: string }

/** What must be read before anything else: strikes, closures. Static words at the top, not an alarm that interrupts. */
export function UrgentStrip({
  municipalitySlug,
  items,
}: {
  municipalitySlug: string
  items: readonly Listed[]
}) {
  const t = useWords()
  if (items.length === 0) return null
  return (
    <section
      aria-label={t('Avvisi urgenti')}
      className="border-b-4 border-warning-strong bg-warning-light text-body"
    >
      <ul className="container-page divide-y divide-warning-strong/30 py-1">
        {items.map((item) => (
          <li key={item.id} className="flex gap-3 py-3">
            <Icon name="siren" size="lg" className="mt-0.5 text-warning" label={t('Avviso urgente')} />
            <p>
              <a
                href={contentPath(municipalitySlug, item)}
                lang="it"
                className="font-semibold text-ink hover:text-ink"
              >
                {item.title}
              </a>{' '}
              <span lang="it" className="block sm:inline">
                {item.summary}
              </span>{' '}
              <span className="text-sm text-warning">
                <Moment instant={item.publishAt} />
              </span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The latest of a kind on the first page; nothing at all when there is nothing. */
export function FrontSection({
  municipalitySlug,
  title,
  id,
  all,
  items,
}: {
  municipalitySlug: string
  title: string
  id: string
  all: { href: string; label: string }
  items: readonly Listed[]
}) {
  if (items.length === 0) return null
  return (
    <section aria-labelledby={id} className="container-page pt-10 sm:pt-14">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h2 id={id} className="text-2xl sm:text-3xl">
          {title}
        </h2>
        <ButtonLink href={all.href} look="quiet" icon="arrow-right">
          {all.label}
        </ButtonLink>
      </div>
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {items.map((item) => (
          <ContentCard key={item.id} municipalitySlug={municipalitySlug} item={item} headingLevel="h3" />
        ))}
      </ul>
    </section>
  )
}
