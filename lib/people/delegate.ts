import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'

/** For how long the link of an invitation works. */
export const INVITATION_DAYS = 14
/** Invitations that wait for an answer, in one household. */
export const MOST_OPEN_INVITATIONS = 5

/** A delegate, as the holder sees one. `pupilNames` null: every child of the household. */
export type Delegate = {
  memberId: string
  personId: string
  name: string
  since: Day
  until: Day | null
  pupilNames: string[] | null
}

export type InvitationState = 'open' | 'expired' | 'accepted' | 'declined' | 'withdrawn'

export type Invitation = {
  id: string
  email: string
  pupilNames: string[]
  until: Day | null
  createdAt: Date
  expiresAt: Date
  state: InvitationState
}

/** Something that an adult of the household did, newest first. `by` null: the office. */
export type Deed = {
  id: string
  at: Date
  by: string | null
  action: 'cancel' | 'restore'
  meals: number
  pupilNames: string[]
  receiptNumber: string
}

export type DelegationPage = {
  householdId: string
  householdName: string
  pupils: { id: string; name: string }[]
  delegates: Delegate[]
  invitations: Invitation[]
  deeds: Deed[]
  today: Day
}

/** A delegation as the delegate sees the own. */
export type OwnDelegation = {
  memberId: string
  householdName: string
  holderName: string
  since: Day
  until: Day | null
  pupilNames: string[]
}

/** What an invited person reads before answering. */
export type InvitationToMe = {
  holderName: string
  municipalityName: string
  pupilNames: string[]
  until: Day | null
  expiresAt: Date
}

/** How an invitation was answered; null while it was not. */
export type InvitationOutcome = 'accepted' | 'declined' | 'withdrawn' | null

export function invitationState(invitation: {
  outcome: InvitationOutcome
  expiresAt: Date
  now: Date
}): InvitationState {
  if (invitation.outcome) return invitation.outcome
  return invitation.now < invitation.expiresAt ? 'open' : 'expired'
}

/** The facts for an invitation by a holder. */
export type InviteFacts = {
  /** The code is the holder's own. */
  isSelf: boolean
  isAlreadyDelegate: boolean
  openInvitations: number
  until: Day | null
  today: Day
}

/** May this invitation be sent? */
export function judgeInvite(facts: InviteFacts): Result<null> {
  if (facts.isSelf) return refused('delegates:own-code')
  if (facts.isAlreadyDelegate) return refused('delegates:already')
  if (facts.until !== null && facts.until < facts.today) return refused('delegates:end-passed')
  if (facts.openInvitations >= MOST_OPEN_INVITATIONS)
    return refused('delegates:too-many', { n: MOST_OPEN_INVITATIONS })
  return ok(null)
}

export type AcceptFacts = {
  state: InvitationState
  /** The fiscal code of the sign-in is the invited one. */
  isInvited: boolean
  /** SPID or CIE themselves opened the session, not a remembered device. */
  byIdentity: boolean
  until: Day | null
  today: Day
}

/** May this person answer this invitation? Whose it is comes first: a stranger learns nothing of its state. */
export function judgeAnswer(facts: AcceptFacts): Result<null> {
  if (!facts.isInvited) return refused('delegates:not-for-you')
  if (facts.state !== 'open') return refused('delegates:invitation-over')
  if (facts.until !== null && facts.until < facts.today) return refused('delegates:invitation-over')
  if (!facts.byIdentity) return refused('delegates:needs-identity')
  return ok(null)
}

/** What a delegate can and cannot do, as the holder reads it, who is "you" in it. */
export const DELEGATE_RIGHTS: readonly Right[] = rights(
  phrase('Può vedere il calendario dei bambini che hai scelto'),
  phrase('Non può vedere il tuo indirizzo, la tua e-mail e il tuo telefono'),
)

/** The same as the delegate reads it. */
export const OWN_RIGHTS: readonly Right[] = rights(
  phrase('Può vedere il calendario dei bambini elencati sopra'),
  phrase('Non può vedere indirizzo, e-mail e telefono dell’intestatario'),
)

type Right = { may: boolean; sentence: Phrase }

function rights(calendar: Phrase, contacts: Phrase): readonly Right[] {
  return [
    { may: true, sentence: calendar },
    { may: true, sentence: phrase('Può disdire e ripristinare i loro pasti, entro il termine') },
    { may: true, sentence: phrase('Può leggere scuola, classe e avvisi sul servizio') },
    { may: false, sentence: phrase('Non può vedere saldo, movimenti, ricariche e fatture') },
    { may: false, sentence: phrase('Non può ricaricare') },
    { may: false, sentence: phrase('Non può sapere che cosa significa il codice di una dieta') },
    { may: false, sentence: contacts },
    { may: false, sentence: phrase('Non può invitare altre persone') },
  ]
}
