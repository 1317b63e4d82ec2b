/** What the office writes for others to read or to fill in. All of it is written, checked, published and withdrawn alike. */
export type PublishedKind = 'news' | 'document' | 'communication' | 'questionnaire' | 'menu' | 'form'

/** Readers have only what is `published`, and send a form or a questionnaire only in that state. */
export type PublicationState = 'draft' | 'submitted' | 'scheduled' | 'published' | 'expired' | 'withdrawn'

/** From when until when readers have something; null: from its publication, for ever. */
export type PublicationWindow = { opensAt: Date | null; closesAt: Date | null }

/** What the database knows about the life of one thing. A kind names what it has. Instants are the database's. */
export type Life = Partial<PublicationWindow> & {
  latestVersion: number
  /** The version that readers have, or get when the window opens. */
  publishedVersion: number | null
  /** The version that an author asked a colleague to look at. */
  submittedVersion?: number | null
  /** Approved for this moment: then the worker publishes it. Null where the window alone decides. */
  dueAt?: Date | null
  withdrawnAt?: Date | null
}

/** The version that a colleague was asked to look at is still the latest. */
export const isSubmitted = (life: Pick<Life, 'latestVersion' | 'submittedVersion'>): boolean =>
  life.submittedVersion === life.latestVersion

/** Something newer than what readers have was written. */
export const hasChanges = (life: Pick<Life, 'latestVersion' | 'publishedVersion'>): boolean =>
  life.publishedVersion !== null && life.latestVersion > life.publishedVersion

export const hasEnded = ({ closesAt }: Partial<PublicationWindow>, now: Date): boolean =>
  Boolean(closesAt && closesAt <= now)

export const endsBeforeItBegins = ({ opensAt, closesAt }: PublicationWindow): boolean =>
  opensAt !== null && closesAt !== null && closesAt <= opensAt

/** When something that is published now begins: at its moment, or now where that has passed. */
export const opensFrom = ({ opensAt }: Pick<PublicationWindow, 'opensAt'>, now: Date): Date =>
  opensAt && opensAt > now ? opensAt : now

/** The state at an instant of the database's clock. A window holds its first instant and not its last. */
export function stateAt(life: Life, now: Date): PublicationState {
  if (life.withdrawnAt) return 'withdrawn'
  if (life.publishedVersion === null) return stateBefore(life)
  if (life.opensAt && now < life.opensAt) return 'scheduled'
  return hasEnded(life, now) ? 'expired' : 'published'
}

function stateBefore(life: Life): PublicationState {
  if (life.dueAt) return 'scheduled'
  return isSubmitted(life) ? 'submitted' : 'draft'
}

/** What may be done. `takeBack` makes a draft of what has not begun; `close` ends what is open now. */
export type Act =
  | 'save'
  | 'submit'
  | 'sendBack'
  | 'publish'
  | 'takeBack'
  | 'close'
  | 'withdraw'
  | 'remind'
  | 'discard'

/** From each state the states that an act may lead to. */
type Leads = Partial<Record<PublicationState, readonly PublicationState[]>>

const OUT = ['scheduled', 'published'] as const
const STAYS = {
  draft: ['draft'],
  submitted: ['submitted'],
  scheduled: ['scheduled'],
  published: ['published'],
  expired: ['expired'],
  withdrawn: ['withdrawn'],
} as const satisfies Leads
const { withdrawn: _, ...STAYS_UNLESS_WITHDRAWN } = STAYS

const CONTENT = {
  save: { ...STAYS, submitted: ['draft'] },
  submit: { ...STAYS, draft: ['submitted'] },
  sendBack: { ...STAYS, submitted: ['draft'] },
  publish: {
    draft: OUT,
    submitted: OUT,
    scheduled: OUT,
    published: ['published'],
    expired: OUT,
    withdrawn: OUT,
  },
  withdraw: { scheduled: ['withdrawn'], published: ['withdrawn'] },
} as const satisfies Partial<Record<Act, Leads>>

/** What may be done to what in which state. What is not written here cannot happen. */
export const LIFECYCLE = {
  news: CONTENT,
  document: CONTENT,
  // What went out stays with those who got it: it is corrected or withdrawn, and what was withdrawn is over.
  communication: {
    save: { ...STAYS_UNLESS_WITHDRAWN, submitted: ['draft'] },
    submit: { ...STAYS_UNLESS_WITHDRAWN, draft: ['submitted'] },
    sendBack: { ...STAYS, submitted: ['draft'] },
    publish: { draft: OUT, submitted: OUT, scheduled: OUT, published: ['published'], expired: ['published'] },
    takeBack: { scheduled: ['draft', 'submitted'] },
    withdraw: { published: ['withdrawn'], expired: ['withdrawn'] },
    remind: { published: ['published'] },
  },
  // An answer is an answer to these questions: what is published does not change.
  questionnaire: {
    save: { draft: ['draft'] },
    publish: { draft: OUT },
    takeBack: { scheduled: ['draft'] },
    close: { published: ['expired'] },
    remind: { published: ['published'] },
    discard: { draft: [] },
  },
  menu: {
    save: STAYS,
    publish: { draft: ['published'], published: ['published'], withdrawn: ['published'] },
    withdraw: { published: ['withdrawn'] },
  },
  form: {
    save: STAYS,
    publish: { draft: OUT, scheduled: OUT, published: OUT, expired: OUT, withdrawn: OUT },
    withdraw: { scheduled: ['withdrawn'], published: ['withdrawn'], expired: ['withdrawn'] },
  },
} as const satisfies Record<PublishedKind, Partial<Record<Act, Leads>>>

/** Whether something of a kind may be done in a state. */
export function mayHappen<Kind extends PublishedKind>(
  kind: Kind,
  act: keyof (typeof LIFECYCLE)[Kind],
  state: PublicationState,
): boolean {
  const transitions: Record<Kind, Partial<Record<PropertyKey, Leads>>> = LIFECYCLE
  return Object.hasOwn(transitions[kind][act] ?? {}, state)
}

/** Newer words behind what readers have, as lists say it; nothing where they can no longer go out. */
export function pendingOf(kind: PublishedKind, life: Life, now: Date): 'none' | 'changes' | 'submitted' {
  if (!hasChanges(life) || !mayHappen(kind, 'publish', stateAt(life, now))) return 'none'
  return isSubmitted(life) ? 'submitted' : 'changes'
}
