import {
  endsBeforeItBegins,
  hasEnded,
  type Life,
  opensFrom,
  type PublicationWindow,
  stateAt,
} from '#lib/publishing/lifecycle.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { type Phrase, phrase, properName } from '#lib/words/language.ts'

/** News and documents are written, checked, published and withdrawn in the same way: both are content. */
export type ContentKind = 'news' | 'document'

/** The Italian words and addresses of each kind. */
export const CONTENT_KINDS = {
  news: { path: 'notizie', one: 'notizia', many: phrase('Notizie'), the: 'la notizia', new: 'Nuova notizia' },
  document: {
    path: 'documenti',
    one: 'documento',
    many: phrase('Documenti'),
    the: 'il documento',
    new: 'Nuovo documento',
  },
} as const satisfies Record<ContentKind, Record<string, string>>

export const CATEGORIES = {
  news: { notizie: phrase('Notizie'), avvisi: phrase('Avvisi'), comunicati: phrase('Comunicati') },
  document: {
    moduli: phrase('Moduli'),
    privacy: phrase('Privacy'),
    tariffe: phrase('Tariffe'),
    regolamenti: phrase('Regolamenti e carta dei servizi'),
    informative: phrase('Informative'),
  },
} as const satisfies Record<ContentKind, Record<string, string>>

export const categoriesOf = (kind: ContentKind): Readonly<Record<string, Phrase>> => CATEGORIES[kind]

export const isCategory = (kind: ContentKind, category: unknown): category is string =>
  typeof category === 'string' && Object.hasOwn(CATEGORIES[kind], category)

export const categoryInWords = (kind: ContentKind, category: string): Phrase =>
  categoriesOf(kind)[category] ?? properName(category)

/** What is written, checked and shown; a version of it never changes. */
export type ContentFields = {
  title: string
  summary: string
  body: SafeHtml
  category: string
  urgent: boolean
  highlighted: boolean
}

export type ScheduleRefusal = 'content:expires-first' | 'content:expires-in-the-past' | 'content:already-live'

/** Why a window cannot be taken, or null. What is public now stays public: its new version cannot wait for a later moment. */
export function scheduleRefusal(window: PublicationWindow, life: Life, now: Date): ScheduleRefusal | null {
  if (hasEnded(window, now)) return 'content:expires-in-the-past'
  if (endsBeforeItBegins(window)) return 'content:expires-first'
  const { opensAt } = window
  if (opensAt && opensAt > now && stateAt(life, now) === 'published') return 'content:already-live'
  return null
}

/**
 * Since when the public is to see it: what was public keeps its first day, what comes back or begins starts at `now` or later.
 */
export const publicationStart = (window: PublicationWindow, life: Life, now: Date): Date =>
  stateAt(life, now) === 'published' && life.opensAt ? life.opensAt : opensFrom(window, now)
