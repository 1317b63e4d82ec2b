import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { endsBeforeItBegins, hasEnded, type Life, mayHappen, stateAt } from '#lib/publishing/lifecycle.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { formatBalance, formatEuro } from '#lib/words/format-money.ts'
import { phrase } from '#lib/words/language.ts'

export const COMMUNICATION_KINDS = {
  information: { one: phrase('Informativa'), hint: 'Spiega come funziona qualcosa, o che cosa cambia.' },
  reminder: { one: phrase('Sollecito'), hint: 'Chiede qualcosa che manca: per esempio una ricarica.' },
  notice: { one: phrase('Avviso'), hint: 'Dice un fatto: uno sciopero, una chiusura, un giorno diverso.' },
} as const

export type CommunicationKind = keyof typeof COMMUNICATION_KINDS

export const isKind = (value: unknown): value is CommunicationKind =>
  typeof value === 'string' && Object.hasOwn(COMMUNICATION_KINDS, value)

/** About money only the holder reads it; about the service every adult of the household does. */
export type About = 'service' | 'money'

/** Who is asked to confirm having read: no one, one adult for each household, or each person. */
export type AcknowledgementMode = 'none' | 'household' | 'person'

/** To whom: everybody, or who matches one of the ids; `inDebt`: among those, only who has a negative balance. */
export type Audience = {
  to: 'everybody' | 'services' | 'schools' | 'classes' | 'households'
  ids: readonly string[]
  inDebt: boolean
}

/** What is written, checked, approved and shown; a version of it never changes. */
export type CommunicationFields = {
  kind: CommunicationKind
  about: About
  title: string
  body: SafeHtml
  audience: Audience
  acknowledgement: AcknowledgementMode
  /** Last day on which the confirmation is in time. */
  acknowledgeBy: Day | null
  expiresAt: Date | null
  /** Why something published is corrected; families read it. */
  reason: string
}

export type WritingRefusal =
  | 'communications:money-to-delegates'
  | 'communications:field-needs-money'
  | 'communications:unknown-field'
  | 'communications:field-in-title'
  | 'communications:no-audience'
  | 'communications:due-without-question'

/** What a text may be filled with for each reader. Names of children are not among them: a delegate may follow only some. */
export const MERGE_FIELDS = {
  nome: 'il nome di chi legge',
  saldo: 'il saldo, con il segno',
  debito: 'quanto manca per tornare a zero',
} as const

const MONEY_FIELDS: readonly string[] = ['saldo', 'debito']
const FIELD = /\{([^{}<>]{0,40})\}/g
/** Fields stand in the text only: an address is left as it is. */
const TAG_OR_FIELD = /<[^<>]*>|\{([^{}<>]{0,40})\}/g

/** The names between braces of a text, in the order they come, each once. */
export const fieldsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(FIELD)].map(([, name]) => (name as string).trim())),
]

/**
 * What a text must not hold, or null. A delegate must not learn of the debt together with the holder, and an amount
 * is only for the holder: both make the communication one about money.
 */
export function writingRefusal(
  fields: Pick<
    CommunicationFields,
    'about' | 'title' | 'body' | 'audience' | 'acknowledgement' | 'acknowledgeBy'
  >,
): WritingRefusal | null {
  const { about, title, body, audience, acknowledgement, acknowledgeBy } = fields
  const used = fieldsIn(body.replace(/<[^<>]*>/g, ''))
  if (fieldsIn(title).length > 0) return 'communications:field-in-title'
  if (used.some((name) => !Object.hasOwn(MERGE_FIELDS, name))) return 'communications:unknown-field'
  if (about === 'service' && audience.inDebt) return 'communications:money-to-delegates'
  if (about === 'service' && used.some((name) => MONEY_FIELDS.includes(name)))
    return 'communications:field-needs-money'
  if (audience.to !== 'everybody' && audience.ids.length === 0) return 'communications:no-audience'
  if (acknowledgeBy && acknowledgement === 'none') return 'communications:due-without-question'
  return null
}

/** What one reader's copy is filled with. Two balances: the reader pays for two households. */
export type Merge = { givenName: string; balances: readonly Cents[] }

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

const together = (amounts: readonly string[]): string =>
  amounts.length > 0 ? amounts.join(' e ') : 'non disponibile'

/** A clean text with its fields filled for one reader. Values are escaped: what they bring is never markup. */
export function merged(body: SafeHtml, { givenName, balances }: Merge): SafeHtml {
  const values: Record<string, string> = {
    nome: givenName,
    saldo: together(balances.map((cents) => formatBalance(cents))),
    debito: together(balances.filter((cents) => cents < 0).map((cents) => formatEuro(-cents))),
  }
  const filled = body.replace(TAG_OR_FIELD, (whole, name: string | undefined) => {
    const value = name === undefined ? undefined : values[name.trim()]
    return value === undefined ? whole : escaped(value)
  })
  return filled as SafeHtml
}

/** Only a manager approves; also an own text, which is then written as such in the register. */
export type Approver = { mayApprove: boolean; isAuthor: boolean }

export type ApprovalRefusal =
  | 'communications:changed-meanwhile'
  | 'communications:no-recipients'
  | 'communications:preview-changed'
  | 'communications:no-reason'
  | 'communications:over'
  | 'communications:cannot-wait'
  | 'communications:in-the-past'
  | 'communications:expires-first'
  | 'communications:due-passed'

/** Exact numbers of a dry run. */
export type AudienceCount = { households: number; persons: number }

/**
 * Why a version cannot be approved, or null.
 * @param publishAt null: immediately
 * @param seen the numbers that were on the screen; null for a later moment, when they are counted again
 */
export function approvalRefusal(asked: {
  life: Life
  version: Pick<CommunicationFields, 'reason' | 'expiresAt' | 'acknowledgeBy'> & { number: number }
  publishAt: Date | null
  now: Date
  today: Day
  seen: AudienceCount | null
  found: AudienceCount
}): ApprovalRefusal | null {
  const { life, version, publishAt, now, today, seen, found } = asked
  const corrects = life.publishedVersion !== null
  if (!mayHappen('communication', 'publish', stateAt(life, now))) return 'communications:over'
  if (life.latestVersion !== version.number || life.publishedVersion === version.number)
    return 'communications:changed-meanwhile'
  if (corrects && publishAt) return 'communications:cannot-wait'
  if (corrects && !version.reason) return 'communications:no-reason'
  if (publishAt && publishAt <= now) return 'communications:in-the-past'
  const window = { opensAt: publishAt, closesAt: version.expiresAt }
  if (hasEnded(window, now) || endsBeforeItBegins(window)) return 'communications:expires-first'
  if (version.acknowledgeBy && version.acknowledgeBy < today) return 'communications:due-passed'
  if (corrects) return null
  if (found.persons === 0) return 'communications:no-recipients'
  if (!publishAt && seen && (seen.households !== found.households || seen.persons !== found.persons))
    return 'communications:preview-changed'
  return null
}

/** After the first publication its nature and its recipients are facts: a correction carries them on. */
export const correctionOf = (
  draft: CommunicationFields,
  published: CommunicationFields,
): CommunicationFields => ({
  ...draft,
  kind: published.kind,
  about: published.about,
  audience: published.audience,
  acknowledgement: published.acknowledgement,
})

export type AcknowledgementState = 'not-asked' | 'asked' | 'asked-late' | 'done' | 'over'

/** Where a reader stands with the confirmation. After its day it can still be given, and says that it is late. */
export function acknowledgementState(facts: {
  mode: AcknowledgementMode
  by: Day | null
  today: Day
  done: boolean
  isOver: boolean
}): AcknowledgementState {
  if (facts.mode === 'none') return 'not-asked'
  if (facts.done) return 'done'
  if (facts.isOver) return 'over'
  return facts.by && facts.today > facts.by ? 'asked-late' : 'asked'
}

/** A reminder a day is a help; two are a nuisance. */
export const REMINDER_PAUSE_HOURS = 20
