/** A household, or one pupil of it, that was entered by mistake. `pupilId` null: all of the household. */
export type AskedErasure = { householdId: string; pupilId: string | null }

/** What keeps a household or a pupil in the registry, each with its words in `erasure.words.ts`. */
export const KEEPERS = [
  'counted',
  'entries',
  'payments',
  'invoices',
  'cancellations',
  'requests',
  'communications',
  'invitations',
  'ratings',
  'answers',
  'refunds',
  'transfers',
  'merges',
  'years',
  'looks',
  'signedIn',
] as const
export type Keeper = (typeof KEEPERS)[number]

export type ErasureFacts = {
  householdName: string
  /** Those who would go. */
  pupils: readonly string[]
  /** People who are nowhere else, and those who stay because they are. */
  people: readonly string[]
  staying: readonly string[]
  /** Enrolments, fares and messages that go along. */
  enrolments: number
  fares: number
  messages: number
  found: Readonly<Record<Keeper, boolean>>
}

/**
 * What of these facts keeps a household or a pupil where it is, in the order in which it is told. What was counted, charged, paid or asked
 * for stays: accounting documents for ten years (art. 2220 of the civil code), and what is kept by law or for a public task is not
 * erased (art. 17(3)(b) GDPR).
 */
export const keptBy = (found: Readonly<Record<Keeper, boolean>>): Keeper[] =>
  KEEPERS.filter((one) => found[one])
