import type { Day } from '#lib/kernel/day.ts'

export type ArrivalState = 'waiting' | 'accepted' | 'refused' | 'withdrawn'

export type TransferAdult = {
  fiscalCode: string
  givenName: string
  familyName: string
  birthDay: Day | null
  email: string | null
  phone: string | null
}

/** The diet of a pupil’s last enrolment, where it is not the common one, as the municipality that is left has it. The certificate itself stays there. */
export type TransferDiet = { name: string; severe: boolean; to: Day }

export type TransferPupil = {
  fiscalCode: string | null
  givenName: string
  familyName: string
  birthDay: Day
  /** "3A · Scuola Manzoni"; null for a pupil without a class. */
  where: string | null
  services: readonly string[]
  diet: TransferDiet | null
}

/** What goes along, and nothing else: the other municipality reads exactly this. */
export type TransferContent = {
  householdName: string
  holder: TransferAdult
  delegate: TransferAdult | null
  pupils: readonly TransferPupil[]
}

/** A transfer as the municipality that receives it sees it. `content` is null when it is over. */
export type Arrival = {
  id: string
  townId: string
  townName: string
  last: Day
  state: ArrivalState
  arrivedAt: Date
  content: TransferContent | null
  decidedAt: Date | null
  decidedBy: string | null
  decidedById: string | null
  householdId: string | null
  fingerprint: string | null
  reason: string | null
}

export const sentName = ({ givenName, familyName }: { givenName: string; familyName: string }): string =>
  `${givenName} ${familyName}`

type Child = { fiscalCode: string | null; givenName: string; familyName: string }

/** The pupil of a transfer who is meant by a block of the form: the same code, or the same name. */
export const sentPupil = ({ pupils }: TransferContent, typed: Child): TransferPupil | null =>
  pupils.find(({ fiscalCode }) => fiscalCode !== null && fiscalCode === typed.fiscalCode) ??
  pupils.find((pupil) => sentName(pupil).toLowerCase() === sentName(typed).toLowerCase()) ??
  null
