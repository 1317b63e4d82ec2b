import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ProsePage } from '#components/public/prose-page.tsx'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

export const metadata: Metadata = { title: 'Note legali' }

export default async function LegalNotes({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const municipality = await municipalityBySlug(comune)
  if (!municipality) notFound()
  const { operator } = municipality
  return (
    <ProsePage comune={comune} title="Note legali">
      <h2>Il servizio</h2>
      <p>
        La mensa scolastica è un servizio del Comune di {municipality.name} (codice fiscale{' '}
        {municipality.fiscalCode}), gestito da {operator.name}, {operator.address}, partita IVA{' '}
        {operator.vatNumber}, che incassa le ricariche ed emette le fatture.
      </p>
      <h2>L’ora che conta</h2>
      <p>
        Per il termine delle disdette vale l’ora del portale, non quella del tuo dispositivo. Una disdetta è
        valida quando il portale ne mostra il numero.
      </p>
      <h2>Il software</h2>
      <p>
        Questo portale è Refettorio, software libero distribuito con licenza EUPL 1.2. Il carattere Titillium
        Web è distribuito con licenza SIL Open Font License 1.1.
      </p>
    </ProsePage>
  )
}
