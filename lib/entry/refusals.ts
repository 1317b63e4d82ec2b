import { COMMUNICATION_REFUSALS } from '#lib/communications/communication.refusals.ts'
import { OFFICE_COMMUNICATION_REFUSALS } from '#lib/communications/office/communication.refusals.ts'
import { CONTENT_REFUSALS } from '#lib/content/office/content.refusals.ts'
import { WORK_REFUSALS } from '#lib/desk/work-take.refusals.ts'
import { DEVICE_REFUSALS } from '#lib/devices/device.refusals.ts'
import { DIET_REFUSALS } from '#lib/diets/office/diet.refusals.ts'
import { FEED_REFUSALS } from '#lib/feeds/feed.refusals.ts'
import { FILE_REFUSALS } from '#lib/files/file.refusals.ts'
import { BATCH_REFUSALS } from '#lib/forms/office/batch.refusals.ts'
import { FORM_REFUSALS } from '#lib/forms/office/form.refusals.ts'
import { SUBMISSION_REFUSALS } from '#lib/forms/submission.refusals.ts'
import { IMPORT_REFUSALS } from '#lib/imports/office/import.refusals.ts'
import { INVOICE_REFUSALS } from '#lib/invoices/invoice.refusals.ts'
import { SUPPLIER_REFUSALS } from '#lib/invoices/office/supplier.refusals.ts'
import type { RefusalCode, Refused } from '#lib/kernel/result.ts'
import { COUNT_SEEN_REFUSALS } from '#lib/kitchen/count-seen.refusals.ts'
import { LEFTOVER_REFUSALS } from '#lib/kitchen/leftover.refusals.ts'
import { KITCHEN_REFUSALS } from '#lib/kitchen/office/kitchen.refusals.ts'
import { REFUND_REFUSALS } from '#lib/ledger/office/refund-case.refusals.ts'
import { LIST_REFUSALS } from '#lib/lists/list-view.refusals.ts'
import { MEAL_CHANGE_REFUSALS } from '#lib/meals/meal-change.refusals.ts'
import { MENU_REFUSALS } from '#lib/menus/office/menu.refusals.ts'
import { RATING_REFUSALS } from '#lib/menus/rating.refusals.ts'
import { NOTIFICATION_REFUSALS } from '#lib/notifications/notification.refusals.ts'
import { DELIVERY_BATCH_REFUSALS } from '#lib/outbox/office/delivery-batch.refusals.ts'
import { PAYMENT_ALARM_REFUSALS } from '#lib/payments/office/payment-alarm.refusals.ts'
import { TOP_UP_REFUSALS } from '#lib/payments/top-up.refusals.ts'
import { APPLICANT_REFUSALS } from '#lib/people/applicant.refusals.ts'
import { CONTACT_REFUSALS } from '#lib/people/contact.refusals.ts'
import { DELEGATE_REFUSALS } from '#lib/people/delegate.refusals.ts'
import { COLLEAGUE_REFUSALS } from '#lib/people/office/colleague.refusals.ts'
import { CORRECTION_REFUSALS } from '#lib/people/office/correction.refusals.ts'
import { ENROLMENT_CHANGE_REFUSALS } from '#lib/people/office/enrolment-change.refusals.ts'
import { ERASURE_REFUSALS } from '#lib/people/office/erasure.refusals.ts'
import { HAND_OVER_REFUSALS } from '#lib/people/office/hand-over.refusals.ts'
import { HOUSEHOLD_MERGE_REFUSALS } from '#lib/people/office/household-merge.refusals.ts'
import { LINK_REQUEST_REFUSALS } from '#lib/people/office/link-request.refusals.ts'
import { LOOK_REFUSALS } from '#lib/people/office/look.refusals.ts'
import { ADULT_MERGE_REFUSALS } from '#lib/people/office/person-merge.refusals.ts'
import { PUPIL_LIST_REFUSALS } from '#lib/people/office/pupil-list.refusals.ts'
import { PUPIL_MERGE_REFUSALS } from '#lib/people/office/pupil-merge.refusals.ts'
import { REGISTRATION_REFUSALS } from '#lib/people/office/registration.refusals.ts'
import { SECOND_HOUSEHOLD_REFUSALS } from '#lib/people/office/second-household.refusals.ts'
import { TRANSFER_REFUSALS } from '#lib/people/office/transfer.refusals.ts'
import { OFFICE_QUESTIONNAIRE_REFUSALS } from '#lib/questionnaires/office/questionnaire.refusals.ts'
import { QUESTIONNAIRE_REFUSALS } from '#lib/questionnaires/questionnaire.refusals.ts'
import { CLOSURE_REFUSALS } from '#lib/school/office/closure.refusals.ts'
import { ROLLOVER_REFUSALS } from '#lib/school/office/rollover.refusals.ts'
import { SETTINGS_REFUSALS } from '#lib/school/office/settings.refusals.ts'
import { STRUCTURE_REFUSALS } from '#lib/school/office/structure.refusals.ts'
import { SERVICE_REFUSALS } from '#lib/tariffs/office/service.refusals.ts'
import { TARIFF_REFUSALS } from '#lib/tariffs/office/tariff.refusals.ts'
import { BUDGET_REFUSALS } from '#lib/web/budget.refusals.ts'
import { REQUEST_REFUSALS } from '#lib/web/request.refusals.ts'
import type { Words } from '#lib/words/language.ts'
import { type Saying, sayer, type Wording } from '#lib/words/sentences.ts'

/** The sentences of every room, merged in this one place: a code that no room says does not compile. */
export const REFUSALS = {
  ...REQUEST_REFUSALS,
  ...BUDGET_REFUSALS,
  ...DEVICE_REFUSALS,
  ...WORK_REFUSALS,
  ...MEAL_CHANGE_REFUSALS,
  ...INVOICE_REFUSALS,
  ...CONTENT_REFUSALS,
  ...COMMUNICATION_REFUSALS,
  ...OFFICE_COMMUNICATION_REFUSALS,
  ...QUESTIONNAIRE_REFUSALS,
  ...OFFICE_QUESTIONNAIRE_REFUSALS,
  ...FILE_REFUSALS,
  ...ROLLOVER_REFUSALS,
  ...REFUND_REFUSALS,
  ...SETTINGS_REFUSALS,
  ...LIST_REFUSALS,
  ...PUPIL_LIST_REFUSALS,
  ...STRUCTURE_REFUSALS,
  ...COUNT_SEEN_REFUSALS,
  ...KITCHEN_REFUSALS,
  ...SERVICE_REFUSALS,
  ...CLOSURE_REFUSALS,
  ...DELEGATE_REFUSALS,
  ...CONTACT_REFUSALS,
  ...APPLICANT_REFUSALS,
  ...LINK_REQUEST_REFUSALS,
  ...HAND_OVER_REFUSALS,
  ...SUPPLIER_REFUSALS,
  ...CORRECTION_REFUSALS,
  ...COLLEAGUE_REFUSALS,
  ...LOOK_REFUSALS,
  ...PUPIL_MERGE_REFUSALS,
  ...ADULT_MERGE_REFUSALS,
  ...HOUSEHOLD_MERGE_REFUSALS,
  ...REGISTRATION_REFUSALS,
  ...TRANSFER_REFUSALS,
  ...ERASURE_REFUSALS,
  ...IMPORT_REFUSALS,
  ...ENROLMENT_CHANGE_REFUSALS,
  ...SECOND_HOUSEHOLD_REFUSALS,
  ...NOTIFICATION_REFUSALS,
  ...DELIVERY_BATCH_REFUSALS,
  ...DIET_REFUSALS,
  ...TARIFF_REFUSALS,
  ...RATING_REFUSALS,
  ...MENU_REFUSALS,
  ...LEFTOVER_REFUSALS,
  ...FEED_REFUSALS,
  ...SUBMISSION_REFUSALS,
  ...FORM_REFUSALS,
  ...BATCH_REFUSALS,
  ...TOP_UP_REFUSALS,
  ...PAYMENT_ALARM_REFUSALS,
} as const satisfies Record<RefusalCode, Wording>

/** The sentence of a refusal, with its details in the language of the reader. */
export const refusalInWords = sayer(REFUSALS)

/** What is wrong at one field of a refusal: the refusal itself, or a code that says no value. */
export function fieldRefusalInWords(refusal: Refused, problem: RefusalCode, t: Words): string {
  // With its type written: the compiler would compare each code with each other to know which refusals are left.
  const isItself: boolean = problem === refusal.code
  if (isItself) return refusalInWords(refusal, t)
  return refusalInWords({ code: problem } as unknown as Saying<typeof REFUSALS>, t)
}
