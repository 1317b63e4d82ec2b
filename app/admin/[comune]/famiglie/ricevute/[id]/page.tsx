import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MealReceipt } from '#components/meals/meal-receipt.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { CONTACTS } from '#lib/meals/meal-contact.ts'
import { CONTACT_FIELD, officeCalendarPath, officeMealsApi } from '#lib/meals/office/on-behalf.address.ts'
import { receiptForOffice } from '#lib/meals/office/on-behalf.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Ricevuta di una disdetta' }

type Props = { params: Promise<{ comune: string; id: string }> }

/** The receipt of a change of meals as the family has it, with the way back for a colleague who may change meals. */
export default async function OfficeReceipt({ params }: Props) {
  const { comune: municipalitySlug, id } = await params
  const viewer = await requireViewer(municipalitySlug)
  const found = await receiptForOffice(viewer, id)
  if (found === null) notFound()
  const families = `/admin/${municipalitySlug}/famiglie`
  const family = `${families}/${found.householdId}`
  const child = found.meals[0]?.pupilId
  const mayChange = allowedToStaff(viewer, 'meals:change')
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: 'La famiglia', href: family },
          { label: `Ricevuta ${found.number}` },
        ]}
      />
      <PageHeading title={found.action === 'cancel' ? 'Disdetta registrata' : 'Pasti ripristinati'} />
      <MealReceipt
        receipt={found}
        api={mayChange ? officeMealsApi(municipalitySlug) : null}
        formKey={randomUUID()}
        calendarPath={mayChange && child ? officeCalendarPath(municipalitySlug, child) : family}
        isOffice
        more={{ [CONTACT_FIELD]: CONTACTS[found.contact ?? 'phone'] }}
      />
    </>
  )
}
