import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { KeepChecking } from '#components/family/keep-checking.tsx'
import { TopUpOutcome } from '#components/family/top-up-outcome.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { topUpAddress } from '#lib/payments/top-up.address.ts'
import { hurryCheck } from '#lib/payments/top-up.commands.ts'
import { topUpView } from '#lib/payments/top-up.queries.ts'
import { isOpen } from '#lib/payments/top-up.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Esito della ricarica') }
}

type Props = {
  params: Promise<{ comune: string; topUpId: string }>
  searchParams: Promise<SearchParams>
}

/** Where the payer comes back to. Nothing in the address is believed: the page reads what the portal knows. */
export default async function TopUpOutcomePage({ params, searchParams }: Props) {
  const t = await readWords()
  const { comune: municipalitySlug, topUpId } = await params
  const isReturn = (await searchParams).ritorno !== undefined
  const viewer = await requireViewer(municipalitySlug)
  if (!isUuid(topUpId)) notFound()
  await hurryCheck(viewer, topUpId, isReturn)
  const topUp = await topUpView(viewer, topUpId)
  if (!topUp) notFound()
  const isWaiting = topUp.isBeingChecked || isOpen(topUp.state)
  const money = `/${municipalitySlug}/pagamenti`
  const isHolder = topUp.balanceCents !== null
  return (
    <div className="mx-auto max-w-3xl">
      <Breadcrumb
        items={
          isHolder
            ? [
                { label: t('Stato contabile'), href: money },
                { label: t('Ricarica'), href: `${money}/ricarica` },
                { label: t('Esito') },
              ]
            : [{ label: t('Fatture'), href: `${money}/fatture` }, { label: t('Esito') }]
        }
      />
      <PageHeading title={t('Esito della ricarica')} />
      <div className="grid gap-6">
        <TopUpOutcome
          municipalitySlug={municipalitySlug}
          {...topUp}
          againHref={
            isHolder
              ? topUpAddress(municipalitySlug, {
                  accountId: topUp.accountId,
                  meals: topUp.meals,
                  method: topUp.method,
                })
              : null
          }
        />
        {isWaiting && <KeepChecking here={`${money}/ricarica/${topUpId}`} />}
      </div>
    </div>
  )
}
