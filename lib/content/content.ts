import { addDays, type Day, dayInRome, instantInRome, parseDay } from '#lib/kernel/day.ts'
import { exactTimeInRome } from '#lib/words/format-day.ts'
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

/** HTML that went through `cleanHtml`; nothing else may be drawn as HTML. */
export type SafeHtml = string & { readonly safe: unique symbol }

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

/** "Chiusura per sciopero: venerdì 27" → "chiusura-per-sciopero-venerdi-27"; at most 70 characters, never empty. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 70)
    .replace(/^-+|-+$/g, '')
  return words || 'senza-titolo'
}

export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d)(?::00)?$/

/** What a `datetime-local` field sends, as an instant in Italy; null for anything that is not a moment. */
export function instantTyped(text: string): Date | null {
  const [, date, time] = LOCAL_TIME.exec(text) ?? []
  const day = parseDay(date)
  return day && time ? instantInRome(day, time) : null
}

/** An instant as a `datetime-local` field wants it, in Italy's time. */
export const instantForField = (instant: Date | null): string =>
  instant ? `${dayInRome(instant)}T${exactTimeInRome(instant).slice(0, 5)}` : ''

/** The day after: a filter "until the 30th" includes the whole 30th. */
export const endOfDay = (day: Day): Date => instantInRome(addDays(day, 1), '00:00')
