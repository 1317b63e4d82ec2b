import type { FamilyRole } from '#lib/access/viewer.ts'
import { ITALY } from '#lib/invoices/place-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'
import type { PriceNow } from '#lib/tariffs/price.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'

/** What only its owner sees of an adult. */
export type PersonalData = {
  fiscalCode: string
  email: string | null
  phone: { number: string; isVerified: boolean } | null
  address: string | null
}

export type HouseholdMember = {
  personId: string
  name: string
  role: FamilyRole
  since: Day
  isViewer: boolean
  /** Null for everybody but the viewer. */
  personal: PersonalData | null
}

export type EnrolmentState = 'current' | 'coming' | 'ended'

export type PupilEnrolment = {
  serviceName: string
  schoolName: string
  className: string
  yearName: string
  dietCode: string
  /** What the code means: health or faith data, so null unless the viewer is the holder. */
  dietName: string | null
  /** A diet is asked for and the office has not decided; that of `dietCode` holds meanwhile. */
  asked: boolean
  /** Whether the kitchen reads that the pupil risks a severe reaction; false unless the viewer is the holder. */
  severe: boolean
  /** The own weekdays; null: all those of the school. */
  weekdays: OwnWeekdays
  from: Day
  to: Day
  state: EnrolmentState
}

export type HouseholdPupil = {
  id: string
  name: string
  givenName: string
  birthDay: Day
  enrolments: PupilEnrolment[]
  /** What a meal costs, a line for each service; empty for a viewer who does not pay. */
  prices: { serviceName: string; price: PriceNow }[]
}

/** A household as one of its adults sees it. */
export type Household = {
  id: string
  name: string
  ownRole: FamilyRole
  members: HouseholdMember[]
  pupils: HouseholdPupil[]
}

/** Is an enrolment running on `today`, still to begin, or over? Both ends belong to it. */
export function enrolmentState(validity: { from: Day; to: Day }, today: Day): EnrolmentState {
  if (today < validity.from) return 'coming'
  return today > validity.to ? 'ended' : 'current'
}

const ORDER: Record<EnrolmentState, number> = { current: 0, coming: 1, ended: 2 }

/** The running enrolment first, then those to come, then the past ones, each from the newest. */
export const byRelevance = (
  a: Pick<PupilEnrolment, 'state' | 'from'>,
  b: Pick<PupilEnrolment, 'state' | 'from'>,
): number => ORDER[a.state] - ORDER[b.state] || (a.from < b.from ? 1 : -1)

type Address = {
  street: string | null
  postcode: string | null
  city: string | null
  province: string | null
  country: string
}

/** "Via Verdi 3, 37060 Mozzecane (VR)", "12 rue de la Paix, 69002 Lyon, FR", with the known parts; null when none is known. */
export function addressInWords({ street, postcode, city, province, country }: Address): string | null {
  const place = [postcode, city, city && province ? `(${province})` : null].filter(Boolean).join(' ')
  const known = [street, place].filter(Boolean)
  if (known.length === 0) return null
  return [...known, ...(country === ITALY ? [] : [country])].join(', ')
}

/** What a family role may do, in the words of the page; `may` false is said as clearly as true. */
export const ROLE_POWERS: Record<FamilyRole, readonly { may: boolean; sentence: Phrase }[]> = {
  holder: [
    { may: true, sentence: phrase('Può vedere il calendario e disdire i pasti') },
    { may: true, sentence: phrase('Può vedere saldo e movimenti') },
    { may: true, sentence: phrase('Può ricaricare e ricevere le fatture') },
  ],
  delegate: [
    { may: true, sentence: phrase('Può vedere il calendario e disdire i pasti') },
    { may: false, sentence: phrase('Non può vedere saldo e movimenti') },
    { may: false, sentence: phrase('Non può ricaricare e ricevere le fatture') },
  ],
  past_holder: [
    { may: true, sentence: phrase('Può scaricare le fatture dei propri pagamenti') },
    { may: false, sentence: phrase('Non può vedere il calendario e disdire i pasti') },
    { may: false, sentence: phrase('Non può vedere saldo e movimenti') },
  ],
  applicant: [{ may: true, sentence: phrase('Può chiedere di iscrivere un figlio') }],
}

export const ROLE_NAMES: Record<FamilyRole, Phrase> = {
  holder: phrase('Genitore intestatario'),
  delegate: phrase('Genitore delegato'),
  past_holder: phrase('Intestatario in passato'),
  applicant: phrase('Ha chiesto di entrare'),
}
