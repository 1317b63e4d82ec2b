import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { requireFresh, requireViewer } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Scarica i tuoi dati') }
}

export default async function OwnData({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'contacts:manage')) notFound()
  await requireFresh(municipalitySlug)
  return (
    <>
      <Breadcrumb
        items={[
          { label: t('Profilo'), href: `/${municipalitySlug}/profilo` },
          { label: t('Scarica i tuoi dati') },
        ]}
      />
      <PageHeading
        title={t('Scarica i tuoi dati')}
        lead={t(
          'Tutto quello che il portale conserva su di te. Se sei l’intestatario, anche sui tuoi figli e sui tuoi pagamenti.',
        )}
      />
      <Card>
        <p>
          {t(
            'Il file contiene codici fiscali e, per chi è intestatario, le diete: tienilo in un posto sicuro. Ogni volta che lo scarichi lo scriviamo nel registro.',
          )}
        </p>
        <div className="mt-5 flex flex-wrap gap-3">
          <ButtonLink href={`/api/${municipalitySlug}/miei-dati?formato=html`} icon="download">
            {t('Da leggere (HTML)')}
          </ButtonLink>
          <ButtonLink
            href={`/api/${municipalitySlug}/miei-dati?formato=json`}
            look="secondary"
            icon="download"
          >
            {t('Per un altro programma (JSON)')}
          </ButtonLink>
        </div>
      </Card>
    </>
  )
}
