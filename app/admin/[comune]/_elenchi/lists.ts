import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { REFUND_LIST } from '#lib/ledger/office/refund-case.list.ts'
import type { OfficeList } from '#lib/lists/list.ts'
import { PAYMENT_LIST } from '#lib/payments/office/payment.list.ts'
import { HOUSEHOLD_LIST } from '#lib/people/office/household.list.ts'
import { PUPIL_LIST } from '#lib/people/office/pupil.list.ts'

/** The lists that keep views. */
const LISTS: readonly OfficeList[] = [HOUSEHOLD_LIST, PAYMENT_LIST, PUPIL_LIST, REFUND_LIST]

/** A list by its key, if this viewer may open it. */
export const openableList = (viewer: Viewer, key: string): OfficeList | undefined =>
  LISTS.find((list) => list.key === key && allowedToStaff(viewer, list.opens))

/** As many families as an address carries. */
export const MOST_FAMILIES = 100

/** The address of a new communication to these families. */
export function draftTo(municipalitySlug: string, householdIds: Iterable<string>): string {
  const there = new URLSearchParams([...new Set(householdIds)].map((id) => ['famiglia', id]))
  return `/admin/${municipalitySlug}/comunicazioni/nuova?${there}`
}
