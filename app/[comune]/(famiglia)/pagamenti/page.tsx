import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AccountsBody } from '#components/family/accounts-body.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { moneyOverview } from '#lib/ledger/statement.queries.ts'
import { paymentsToSettle } from '#lib/payments/top-up.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Stato contabile') }
}

export default async function Accounts({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'money:read')) notFound()
  const [overview, toSettle] = await Promise.all([moneyOverview(viewer), paymentsToSettle(viewer)])
  if (!overview) notFound()
  return (
    <AccountsBody
      municipalitySlug={municipalitySlug}
      accounts={overview.cards}
      latest={overview.latest}
      toSettle={toSettle}
    />
  )
}
