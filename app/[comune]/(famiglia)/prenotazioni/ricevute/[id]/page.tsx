import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MealReceipt } from '#components/meals/meal-receipt.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { calendarPath, mealsApi } from '#lib/meals/meal.address.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Ricevuta') }
}

type Props = { params: Promise<{ comune: string; id: string }> }

export default async function ReceiptPage({ params }: Props) {
  const t = await readWords()
  const { comune: municipalitySlug, id } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'meals:read') || !isUuid(id)) notFound()
  const found = await readReceipt(viewer, id)
  if (found === null) notFound()
  const child = found.meals[0]?.pupilId
  return (
    <>
      <PageHeading title={found.action === 'cancel' ? t('Disdetta registrata') : t('Pasti ripristinati')} />
      <MealReceipt
        receipt={found}
        api={mealsApi(municipalitySlug)}
        formKey={randomUUID()}
        calendarPath={calendarPath(municipalitySlug, child ? { child } : {})}
      />
    </>
  )
}
