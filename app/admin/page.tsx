import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { LinkList } from '#components/shell/link-list.tsx'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { PortalHeader } from '#components/shell/site-header.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { waitingWork } from '#lib/desk/waiting-work.queries.ts'
import { allWaitingInWords } from '#lib/desk/waiting-work.words.ts'
import { listMunicipalities } from '#lib/school/municipality.queries.ts'
import { ownOffices } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Area del gestore' }

/**
 * The desk over the municipalities in which a person works, with what waits in each; one acts in one of them at a time. Another
 * visitor chooses the municipality; with only one there is nothing to choose.
 */
export default async function ChooseOffice() {
  const offices = await ownOffices()
  const choices = offices.length > 0 ? offices : await listMunicipalities('')
  const only = choices.length === 1 ? choices[0] : undefined
  if (only) redirect(`/admin/${only.slug}`)
  const waiting = await Promise.all(offices.map(({ viewer }) => waitingWork(viewer)))
  return (
    <>
      <PortalHeader />
      <main id="contenuto" tabIndex={-1} className="container-page py-8 sm:py-12">
        <PageHeading title="Area del gestore" lead="Scegli il Comune in cui lavori." />
        <LinkList
          label="Comuni"
          links={choices.map(({ slug, name }, index) => ({
            href: `/admin/${slug}`,
            label: waiting[index] ? `${name}: ${allWaitingInWords(waiting[index])}` : name,
            icon: 'landmark',
          }))}
        />
      </main>
      <PortalFooter />
    </>
  )
}
