import { Icon } from '#components/ui/icon.tsx'
import { CONTENT_KINDS, type ContentKind, categoryInWords } from '#lib/content/content.ts'
import { fileSummary } from '#lib/files/file-type.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { longDate } from '#lib/words/format-day.ts'
import { plural } from '#lib/words/language.ts'
import { useWords } from '#words'
import type { AttachmentLine } from './attachments.tsx'

export type CardContent = {
  kind: ContentKind
  slug: string
  title: string
  summary: string
  category: string
  urgent: boolean
  publishAt: Date
  attachments: readonly AttachmentLine[]
}

export const contentPath = (municipalitySlug: string, item: { kind: ContentKind; slug: string }): string =>
  `/${municipalitySlug}/${CONTENT_KINDS[item.kind].path}/${item.slug}`

/** A day that machines can read too. */
export function Moment({ instant }: { instant: Date }) {
  const t = useWords()
  const day = dayInRome(instant)
  return <time dateTime={day}>{longDate(day, t.language)}</time>
}

/** "Avvisi · 24 novembre 2026": what it is and since when. */
export function Kicker({ item }: { item: Pick<CardContent, 'kind' | 'category' | 'publishAt' | 'urgent'> }) {
  const t = useWords()
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
      {item.urgent && (
        <span className="inline-flex items-center gap-1 font-semibold text-warning">
          <Icon name="siren" size="sm" /> {t('Urgente')}
        </span>
      )}
      <span className="font-semibold text-ink">{t(categoryInWords(item.kind, item.category))}</span>
      <Moment instant={item.publishAt} />
    </p>
  )
}

/** One news item or document of a list; the whole card leads to it. */
export function ContentCard({
  municipalitySlug,
  item,
  headingLevel: Heading = 'h2',
}: {
  municipalitySlug: string
  item: CardContent
  headingLevel?: 'h2' | 'h3'
}) {
  const t = useWords()
  const [file] = item.attachments
  return (
    <li
      data-surface
      className="relative flex flex-col gap-2 rounded-lg border border-line bg-white p-5 shadow-low hover:border-primary"
    >
      <Kicker item={item} />
      <Heading className="text-xl">
        <a
          href={contentPath(municipalitySlug, item)}
          lang="it"
          className="stretched text-ink no-underline hover:underline"
        >
          {item.title}
        </a>
      </Heading>
      <p lang="it">{item.summary}</p>
      {file && (
        <p className="mt-auto flex items-center gap-1.5 pt-1 text-sm text-muted">
          <Icon name="paperclip" size="sm" />
          {item.attachments.length === 1
            ? fileSummary(file, t)
            : t(plural('{n} allegato', '{n} allegati'), { n: item.attachments.length })}
        </p>
      )}
    </li>
  )
}
