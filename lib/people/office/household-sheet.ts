import type { FamilyRole } from '#lib/access/viewer.ts'
import type { SubmissionState } from '#lib/forms/submission.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import type { Asked } from '#lib/meals/meal-contact.ts'
import type { TopUpState } from '#lib/payments/top-up.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'
import type { PriceNow } from '#lib/tariffs/price.ts'
import type { EnrolmentState } from '../household.ts'

/** A role in a household that is over, or that has not begun. */
export type OtherRole = {
  name: string
  role: Exclude<FamilyRole, 'past_holder' | 'applicant'>
  from: Day
  /** Null: it has not begun and has no end. */
  to: Day | null
}

export type SheetEnrolment = {
  id: string
  serviceId: string
  classId: string
  serviceName: string
  schoolName: string
  className: string
  yearName: string
  /** What a named child eats is health data: null for who does not decide diets. */
  dietCode: string | null
  severe: boolean
  weekdays: OwnWeekdays
  from: Day
  to: Day
  state: EnrolmentState
}

export type SheetPupil = {
  id: string
  name: string
  /** Null: none yet. */
  fiscalCode: string | null
  birthDay: Day
  /** Whether the last change of the enrolments by the office has a way back. */
  hasWayBack: boolean
  /** The families that have some days of the pupil, now or later. */
  sharing: string[]
  enrolments: SheetEnrolment[]
  /** What a meal costs, a line for each service in which the pupil eats now or later. */
  prices: { serviceCode: string; serviceName: string; price: PriceNow }[]
}

/** The money of a household: its accounts and the payments of last. */
export type SheetMoney = {
  accounts: {
    serviceName: string
    balanceCents: Cents
    updatedAt: Date
    /** The case of a credit that the family left behind, while it is not over. */
    refundId: string | null
    isRefundDecided: boolean
  }[]
  topUps: {
    id: string
    at: Date
    payerName: string
    amountCents: Cents
    state: TopUpState
    invoiceNumber: string | null
  }[]
}

export type SheetReceipt = Asked & {
  id: string
  number: string
  action: 'cancel' | 'restore'
  channel: 'web' | 'app' | 'office'
  at: Date
  personName: string
  firstDay: Day
  lastDay: Day
}

export type SheetCommunication = { id: string; title: string; at: Date; isWithdrawn: boolean }

export type SheetSubmission = {
  id: string
  formId: string
  title: string
  about: string
  year: number
  number: number
  at: Date
  state: SubmissionState
}

/** One act of a person on this household, its people or its pupils. */
export type SheetAct = { at: Date; who: string | null; action: string; about: string; reason: string | null }

/** A pupil of another household who eats at the expense of this one on some days. */
export type SharedPupil = { id: string; name: string; homeId: string; homeName: string }

/** Everything about one household that the office needs on one page. Null: this reader's role does not open it. */
export type HouseholdSheet = {
  name: string
  since: Day
  otherRoles: OtherRole[]
  pupils: SheetPupil[]
  sharedPupils: SharedPupil[]
  money: SheetMoney | null
  receipts: SheetReceipt[] | null
  communications: SheetCommunication[] | null
  submissions: SheetSubmission[] | null
  acts: SheetAct[]
}

/** How many lines each list shows: the latest. */
export const LATEST = 10

/** What the office calls each state of a top-up. */
export const TOP_UP_STATE_NAMES: Record<TopUpState, string> = {
  created: 'Non ancora cominciata',
  redirected: 'In corso',
  pending: 'In attesa di conferma',
  paid: 'Pagata',
  failed: 'Non riuscita',
  canceled: 'Annullata',
  expired: 'Scaduta',
}
