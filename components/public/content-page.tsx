import type { ReactNode } from 'react'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { fill } from '#lib/words/fill.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { plural } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import { useWords } from '#words'
import { Attachments } from './attachments.tsx'
import { type CardContent, Kicker, Moment } from './content-card.tsx'
import { RichText } from './rich-text.tsx'
import { Trouble } from './trouble.tsx'

type Content = CardContent & { body: SafeHtml; minutes: number; updatedAt: Date }

const isLater = (updated: Date, published: Date): boolean => updated.getTime() - published.getTime() > 60_000

/** A news item or document to read: what it is, since when, its words, its files, who answers for it. */
export function ContentArticle({
  municipalitySlug,
  municipalityName,
  item,
}: {
  municipalitySlug: string
  municipalityName: string
  item: Content
}) {
  const t = useWords()
  return (
    <article className="max-w-3xl">
      <Kicker item={item} />
      <h1 lang="it" className="mt-2 text-3xl sm:text-4xl">
        {item.title}
      </h1>
      {item.summary && (
        <p lang="it" className="mt-3 text-lg">
          {item.summary}
        </p>
      )}
      {item.kind === 'news' && (
        <p className="mt-3 text-sm text-muted">
          {t('Tempo di lettura:')} {t(plural('{n} minuto', '{n} minuti'), { n: item.minutes })}
        </p>
      )}
      <div lang="it" className="mt-6">
        <RichText html={item.body} />
      </div>
      {item.attachments.length > 0 && (
        <section aria-labelledby="allegati" className="mt-8">
          <h2 id="allegati" className="mb-3 text-2xl">
            {item.kind === 'news' ? t('Allegati') : t('Scarica')}
          </h2>
          <Attachments municipalitySlug={municipalitySlug} files={item.attachments} />
        </section>
      )}
      <p className="mt-10 border-t border-line pt-4 text-sm text-muted">
        {fill(
          t(
            isLater(item.updatedAt, item.publishAt)
              ? 'A cura del Comune di {municipality}. Pubblicato il {published}, aggiornato il {updated}.'
              : 'A cura del Comune di {municipality}. Pubblicato il {published}.',
            { municipality: municipalityName },
          ),
          {
            published: <Moment key="published" instant={item.publishAt} />,
            updated: <Moment key="updated" instant={item.updatedAt} />,
          },
        )}
      </p>
    </article>
  )
}

export function ContentFrame({
  municipalitySlug,
  kind,
  title,
  children,
}: {
  municipalitySlug: string
  kind: ContentKind
  title?: string
  children: ReactNode
}) {
  const t = useWords()
  const { path } = CONTENT_KINDS[kind]
  const many = t(CONTENT_KINDS[kind].many)
  const list = title ? { label: many, href: `/${municipalitySlug}/${path}` } : { label: many }
  return (
    <div className="container-page py-6 sm:py-10">
      <Breadcrumb
        items={[
          { label: t('Mensa scolastica'), href: `/${municipalitySlug}` },
          list,
          ...(title ? [{ label: written(title) }] : []),
        ]}
      />
      {children}
    </div>
  )
}

/** What was here, since when it no longer is, and why. The answer's status is 410 (proxy.ts). */
export function GoneContentPage({
  municipalitySlug,
  kind,
  gone,
}: {
  municipalitySlug: string
  kind: ContentKind
  gone: { state: 'expired' | 'withdrawn'; goneAt: Date; reason: string }
}) {
  const t = useWords()
  const { path } = CONTENT_KINDS[kind]
  const many = t(CONTENT_KINDS[kind].many)
  const withdrawn = gone.state === 'withdrawn'
  const title =
    kind === 'news'
      ? t(withdrawn ? 'Questa notizia è stata ritirata' : 'Questa notizia non è più valida')
      : t(withdrawn ? 'Questo documento è stato ritirato' : 'Questo documento non è più valido')
  return (
    <Trouble
      icon="archive"
      title={title}
      actions={
        <a href={`/${municipalitySlug}/${path}`} className="font-semibold">
          {t('Vai a {many}', { many })}
        </a>
      }
    >
      <p>
        {t(kind === 'news' ? 'Non è più pubblica dal {when}.' : 'Non è più pubblico dal {when}.', {
          when: instantInWords(gone.goneAt, t),
        })}
      </p>
      {gone.reason && (
        <p>
          {fill(t('Motivo: {part}'), {
            part: (
              <span key="part" lang="it" className="font-semibold">
                {gone.reason}
              </span>
            ),
          })}
        </p>
      )}
    </Trouble>
  )
}
