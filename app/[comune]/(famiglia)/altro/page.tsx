import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { SignOutForm } from '#components/access/sign-out-form.tsx'
import { LinkList } from '#components/shell/link-list.tsx'
import { bottomBarSections, familySections } from '#components/shell/sections.ts'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { headerViewerOf } from '#lib/session/header-viewer.ts'
import { municipalitiesOf } from '#lib/session/own-municipality.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Altro') }
}

export default async function Other({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (viewer.memberships.length === 0) notFound()
  const headerViewer = headerViewerOf(viewer)
  const others = (await municipalitiesOf(viewer.citizenId)).filter(({ slug }) => slug !== municipalitySlug)
  const inBar = new Set(bottomBarSections(municipalitySlug, headerViewer, t).map((section) => section.href))
  return (
    <>
      <PageHeading title={t('Altro')} />
      <div className="grid gap-6">
        <LinkList
          label={t('Altre sezioni')}
          links={[
            ...familySections(municipalitySlug, headerViewer, t).filter(
              (section) => !inBar.has(section.href),
            ),
            { href: `/${municipalitySlug}/notifiche`, label: t('Notifiche'), icon: 'bell' },
            {
              href: `/${municipalitySlug}/profilo/accessi`,
              label: t('Accessi e dispositivi'),
              icon: 'monitor-smartphone',
            },
            {
              href: `/${municipalitySlug}/installa`,
              label: t('Aggiungi il portale alle app'),
              icon: 'smartphone',
            },
            {
              href: `/${municipalitySlug}`,
              label: t('Il servizio mensa: giorni, orari e costi'),
              icon: 'utensils',
            },
            {
              href: `/${municipalitySlug}/assistenza`,
              label: t('Assistenza e domande frequenti'),
              icon: 'circle-help',
            },
          ]}
        />
        {others.length > 0 && (
          <LinkList
            label={t('I tuoi altri Comuni')}
            links={others.map(({ slug, name }) => ({
              href: `/${slug}/oggi`,
              label: t('Passa alla mensa di {name}', { name }),
              icon: 'building-2' as const,
            }))}
          />
        )}
        <LinkList
          label={t('Informazioni')}
          links={[
            { href: `/${municipalitySlug}/privacy`, label: t('Informativa privacy'), icon: 'shield-check' },
            { href: `/${municipalitySlug}/accessibilita`, label: t('Accessibilità'), icon: 'accessibility' },
            { href: `/${municipalitySlug}/note-legali`, label: t('Note legali'), icon: 'landmark' },
          ]}
        />
        <div className="flex flex-wrap gap-3">
          <SignOutForm municipalitySlug={municipalitySlug} />
          <SignOutForm municipalitySlug={municipalitySlug} everywhere asksForSubscriptions look="quiet" />
        </div>
      </div>
    </>
  )
}
