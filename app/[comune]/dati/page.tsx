import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FiguresTable } from '#components/public/figures-table.tsx'
import { ProsePage } from '#components/public/prose-page.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { instantInWords } from '#lib/day.ts'
import { SMALLEST_SHOWN } from '#lib/figures/figures.ts'
import { publicFigures } from '#lib/figures/queries.ts'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

type Props = { params: Promise<{ comune: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const path = `/${(await params).comune}/dati`
  return {
    title: 'Dati aperti',
    description: 'I numeri della mensa scolastica, mese per mese e scuola per scuola, in formato aperto.',
    alternates: { canonical: path, types: { 'text/csv': `${path}.csv`, 'application/json': `${path}.json` } },
  }
}

export default async function OpenDataPage({ params }: Props) {
  const { comune } = await params
  const municipality = await municipalityBySlug(comune)
  if (!municipality) notFound()
  const { months, updatedAt } = await publicFigures(municipality)
  return (
    <ProsePage
      comune={comune}
      title="Dati aperti"
      lead={`I pasti serviti nelle scuole di ${municipality.name}, mese per mese. Puoi usarli liberamente.`}
    >
      <div className="flex flex-wrap gap-3">
        <ButtonLink href={`/${comune}/dati.csv`} look="secondary" icon="download" download>
          Scarica in CSV
        </ButtonLink>
        <ButtonLink href={`/${comune}/dati.json`} look="secondary" icon="download" download>
          Scarica in JSON
        </ButtonLink>
      </div>
      <FiguresTable months={months} />
      <h2>Come leggerli</h2>
      <p>
        I numeri vengono dai conteggi inviati in cucina, alla chiusura di ogni giorno. I numeri da 1 a{' '}
        {SMALLEST_SHOWN - 1} non sono mostrati, né altri da cui si potrebbero ricavare: così non si può
        risalire a un alunno. Licenza Creative Commons Attribuzione 4.0 (CC BY 4.0).
      </p>
      <p className="text-sm text-muted">Dati aggiornati al {instantInWords(updatedAt)}.</p>
    </ProsePage>
  )
}
