import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { phrase } from '#lib/words/language.ts'

/** News and documents are written, checked, published and withdrawn in the same way: both are content. */
export type ContentKind = 'news' | 'document'

/** The Italian words and addresses of each kind. */
export const KINDS = {
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

export const categoriesOf = (kind: ContentKind): Readonly<Record<string, string>> => CATEGORIES[kind]

export const isCategory = (kind: ContentKind, category: unknown): category is string =>
  typeof category === 'string' && Object.hasOwn(CATEGORIES[kind], category)

export const categoryInWords = (kind: ContentKind, category: string): string =>
  categoriesOf(kind)[category] ?? category

/** What is written, checked and shown; a version of it never changes. */
export type ContentFields = {
  title: string
  summary: string
  body: SafeHtml
  category: string
  urgent: boolean
  highlighted: boolean
}

/** What the row of an item knows about its life. Instants are the database's. */
export type Life = {
  latestVersion: number
  publishedVersion: number | null
  publishAt: Date | null
  expireAt: Date | null
  reviewVersion: number | null
  withdrawnAt: Date | null
}

export type ContentState = 'draft' | 'review' | 'scheduled' | 'published' | 'expired' | 'withdrawn'

/** The state of an item at an instant. Only `published` is public; SQL asks the same of every row (the policies and `LIVE`). */
export function stateAt(life: Life, now: Date): ContentState {
  if (life.withdrawnAt) return 'withdrawn'
  if (life.publishedVersion === null || !life.publishAt) return underReview(life) ? 'review' : 'draft'
  if (now < life.publishAt) return 'scheduled'
  return life.expireAt && now >= life.expireAt ? 'expired' : 'published'
}

/** Somebody asked to review exactly the version that is the latest now. */
export const underReview = (life: Pick<Life, 'reviewVersion' | 'latestVersion'>): boolean =>
  life.reviewVersion === life.latestVersion

/** Something newer than what is public was written. */
export const hasUnpublishedChanges = (life: Life): boolean =>
  life.publishedVersion !== null && life.latestVersion > life.publishedVersion

export const STATES_IN_WORDS: Record<ContentState, string> = {
  draft: 'Bozza',
  review: 'In revisione',
  scheduled: 'Programmata',
  published: 'Pubblicata',
  expired: 'Scaduta',
  withdrawn: 'Ritirata',
}

/** From when and until when something is to be public; null: from now, for ever. */
export type Schedule = { publishAt: Date | null; expireAt: Date | null }

export type ScheduleRefusal = 'content:expires-first' | 'content:expires-in-the-past' | 'content:already-live'

/** Why a schedule cannot be taken, or null. What is public now stays public: its new version cannot wait for a later moment. */
export function scheduleRefusal(schedule: Schedule, life: Life, now: Date): ScheduleRefusal | null {
  const { publishAt, expireAt } = schedule
  if (expireAt && expireAt <= now) return 'content:expires-in-the-past'
  if (publishAt && expireAt && expireAt <= publishAt) return 'content:expires-first'
  if (publishAt && publishAt > now && stateAt(life, now) === 'published') return 'content:already-live'
  return null
}

/**
 * Since when the public is to see it: what was public keeps its first day, what comes back or begins starts at `now` or later.
 */
export function publicationStart(schedule: Schedule, life: Life, now: Date): Date {
  if (stateAt(life, now) === 'published' && life.publishAt) return life.publishAt
  return schedule.publishAt && schedule.publishAt > now ? schedule.publishAt : now
}
