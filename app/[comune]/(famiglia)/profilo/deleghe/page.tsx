import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DelegationSheet } from '#components/delegates/delegation-sheet.tsx'
import { OwnDelegations } from '#components/delegates/own-delegations.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { delegationPages, ownDelegations } from '#lib/people/delegate.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'
import { invite, leave, revoke, withdraw } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Deleghe') }
}

export default async function Delegations({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const [pages, own] = await Promise.all([delegationPages(viewer), ownDelegations(viewer)])
  if (!pages && own.length === 0) notFound()
  const { state, resumed } = await resumedForm(municipalitySlug, viewer)
  const resumedHere = (householdId: string) => state.typed.householdId === householdId
  return (
    <>
      <Breadcrumb
        items={[{ label: t('Profilo'), href: `/${municipalitySlug}/profilo` }, { label: t('Deleghe') }]}
      />
      <PageHeading
        title={t('Deleghe')}
        lead={t('Chi, oltre all’intestatario, può vedere il calendario e disdire i pasti.')}
      />
      {resumed && (
        <div className="mb-6">
          <Notice kind="info" title={t('Ti abbiamo riconosciuto')} live>
            <p>{t('Quello che avevi scritto è ancora qui sotto: controlla e manda l’invito.')}</p>
          </Notice>
        </div>
      )}
      <div className="grid gap-12 *:min-w-0">
        {own.length > 0 && (
          <OwnDelegations delegations={own} municipalitySlug={municipalitySlug} leave={leave} />
        )}
        {pages?.map((page) => (
          <DelegationSheet
            key={page.householdId}
            page={page}
            municipalitySlug={municipalitySlug}
            named={pages.length > 1}
            initial={resumedHere(page.householdId) ? state : { ok: null, typed: {} }}
            actions={{ invite, revoke, withdraw }}
          />
        ))}
      </div>
    </>
  )
}
