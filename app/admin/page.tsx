import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { LinkList } from '#components/shell/link-list.tsx'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { PortalHeader } from '#components/shell/site-header.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { listMunicipalities } from '#lib/school/municipality.queries.ts'

export const metadata: Metadata = { title: 'Area del gestore' }

/** The office too begins by choosing the municipality; with only one there is nothing to choose. */
export default async function ChooseOffice() {
  const choices = await listMunicipalities('')
  const only = choices.length === 1 ? choices[0] : undefined
  if (only) redirect(`/admin/${only.slug}`)
  return (
    <>
      <PortalHeader />
      <main id="contenuto" tabIndex={-1} className="container-page py-8 sm:py-12">
        <PageHeading title="Area del gestore" lead="Scegli il Comune in cui lavori." />
        <LinkList
          label="Comuni"
          links={choices.map(({ slug, name }) => ({ href: `/admin/${slug}`, label: name, icon: 'landmark' }))}
        />
      </main>
      <PortalFooter />
    </>
  )
}
