import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FiguresTable } from '#components/public/figures-table.tsx'
import { ProsePage } from '#components/public/prose-page.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { publicFigures } from '#lib/figures/figures.queries.ts'
import { SMALLEST_SHOWN } from '#lib/figures/figures.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'

type Props = { params: Promise<{ comune: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await readWords()
  const path = `/${(await params).comune}/dati`
  return {
    title: t('Dati aperti'),
    description: t('I numeri della mensa scolastica, mese per mese e scuola per scuola, in formato aperto.'),
    alternates: { canonical: path, types: { 'text/csv': `${path}.csv`, 'application/json': `${path}.json` } },
  }
}

export default async function OpenDataPage({ params }: Props) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const { months, updatedAt } = await publicFigures(municipality)
  return (
    <ProsePage
      municipalitySlug={municipalitySlug}
      title={t('Dati aperti')}
      lead={t('I pasti serviti nelle scuole di {name}, mese per mese. Puoi usarli liberamente.', {
        name: municipality.name,
      })}
    >
      <div className="flex flex-wrap gap-3">
        <ButtonLink href={`/${municipalitySlug}/dati.csv`} look="secondary" icon="download" download>
          {t('Scarica in CSV')}
        </ButtonLink>
        <ButtonLink href={`/${municipalitySlug}/dati.json`} look="secondary" icon="download" download>
          {t('Scarica in JSON')}
        </ButtonLink>
      </div>
      <FiguresTable months={months} />
      <h2>{t('Come leggerli')}</h2>
      <p>
        {t('I numeri vengono dai conteggi inviati in cucina, alla chiusura di ogni giorno. I numeri da 1 a')}{' '}
        {SMALLEST_SHOWN - 1}{' '}
        {t(
          'non sono mostrati, né altri da cui si potrebbero ricavare: così non si può risalire a un alunno. Licenza Creative Commons Attribuzione 4.0 (CC BY 4.0).',
        )}
      </p>
      <p className="text-sm text-muted">
        {t('Dati aggiornati al {updatedAt}.', { updatedAt: instantInWords(updatedAt, t) })}
      </p>
    </ProsePage>
  )
}
