import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type ContentFilter, contentFilterQuery, isContentFiltered } from '#lib/content/content.address.ts'

import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import { plural, type Words } from '#lib/words/language.ts'

import { useWords } from '#words'
import { type CardContent, ContentCard } from './content-card.tsx'

export type ListedContent = { items: readonly (CardContent & { id: string })[]; total: number; pages: number }

const countInWords = (kind: ContentKind, n: number, t: Words): string =>
  kind === 'news'
    ? t(plural('{n} notizia', '{n} notizie'), { n })
    : t(plural('{n} documento', '{n} documenti'), { n })

function NothingFound({
  municipalitySlug,
  kind,
  filter,
}: {
  municipalitySlug: string
  kind: ContentKind
  filter: ContentFilter
}) {
  const t = useWords()
  const all = (
    <ButtonLink href={`/${municipalitySlug}/${CONTENT_KINDS[kind].path}`} look="secondary">
      {t('Mostra tutto')}
    </ButtonLink>
  )
  if (filter.text)
    return (
      <EmptyState
        icon="search"
        title={t('Nessun risultato per “{text}”', { text: filter.text })}
        action={all}
      >
        <p>{t('Prova con meno parole, o con una parola simile.')}</p>
      </EmptyState>
    )
  if (isContentFiltered(filter) || filter.page > 1)
    return <EmptyState icon="search" title={t('Nessun risultato con questi filtri')} action={all} />
  return (
    <EmptyState
      icon="newspaper"
      title={kind === 'news' ? t('Nessuna notizia per ora') : t('Nessun documento per ora')}
    >
      <p>{t('Quando il Comune pubblicherà qualcosa, lo troverai qui.')}</p>
    </EmptyState>
  )
}

/** A page of cards, how many there are, and the way to the older ones. */
export function ContentList({
  municipalitySlug,
  kind,
  filter,
  list,
}: {
  municipalitySlug: string
  kind: ContentKind
  filter: ContentFilter
  list: ListedContent
}) {
  const t = useWords()
  if (list.items.length === 0)
    return <NothingFound municipalitySlug={municipalitySlug} kind={kind} filter={filter} />
  const path = `/${municipalitySlug}/${CONTENT_KINDS[kind].path}`
  return (
    <>
      <p className="mb-4 text-muted" role="status">
        {list.pages > 1
          ? t('{count}, pagina {page} di {pages}', {
              count: countInWords(kind, list.total, t),
              page: filter.page,
              pages: list.pages,
            })
          : countInWords(kind, list.total, t)}
      </p>
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {list.items.map((item) => (
          <ContentCard key={item.id} municipalitySlug={municipalitySlug} item={item} />
        ))}
      </ul>
      {list.pages > 1 && (
        <nav aria-label={t('Pagine')} className="mt-8 flex flex-wrap items-center gap-6 print:hidden">
          {filter.page > 1 && (
            <a href={path + contentFilterQuery({ ...filter, page: filter.page - 1 })}>{t('Più recenti')}</a>
          )}
          {filter.page < list.pages && (
            <ButtonLink
              href={path + contentFilterQuery({ ...filter, page: filter.page + 1 })}
              look="secondary"
              data-element="load-other-cards"
            >
              {t('Mostra i precedenti')}
            </ButtonLink>
          )}
        </nav>
      )}
    </>
  )
}
