import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { HouseholdSheet } from '#components/family/household-sheet.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'
import { keptTogether } from '#lib/words/written.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Utenti / Servizi') }
}

export default async function UsersAndServices({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const [viewer, municipality] = await Promise.all([
    requireViewer(municipalitySlug),
    municipalityBySlug(municipalitySlug),
  ])
  if (!municipality || !allowedToFamily(viewer, 'household:read')) notFound()
  const households = await householdsOf(viewer)
  return (
    <>
      <Breadcrumb
        items={[{ label: t('Oggi'), href: `/${municipalitySlug}/oggi` }, { label: t('Utenti / Servizi') }]}
      />
      <PageHeading
        title={t('Utenti / Servizi')}
        lead={t('I dati della tua famiglia per la mensa scolastica.')}
      />
      <HouseholdSheet households={households} municipalitySlug={municipalitySlug} />
      <div className="mt-10">
        <Notice title={t('Qualcosa non è giusto?')}>
          <p>
            {t('Scuola, classe, dieta e delegati si correggono con il gestore: chiama {name} al {phone}.', {
              name: municipality.operator.name,
              phone: keptTogether(municipality.operator.phone),
            })}
          </p>
        </Notice>
      </div>
    </>
  )
}
