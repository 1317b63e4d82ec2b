import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BindingInItalian } from '#components/language/courtesy.tsx'
import { ProsePage } from '#components/public/prose-page.tsx'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Note legali') }
}

export default async function LegalNotes({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const { operator } = municipality
  return (
    <ProsePage municipalitySlug={municipalitySlug} title={t('Note legali')}>
      <BindingInItalian address={`/${municipalitySlug}/note-legali`} />
      <h2>{t('Il servizio')}</h2>
      <p>
        {t(
          'La mensa scolastica è un servizio del Comune di {name} (codice fiscale {fiscalCode}), gestito da {name2}, {address}, partita IVA {vatNumber}, che incassa le ricariche ed emette le fatture.',
          {
            name: municipality.name,
            fiscalCode: municipality.fiscalCode,
            name2: operator.name,
            address: operator.address,
            vatNumber: operator.vatNumber,
          },
        )}
      </p>
      <h2>{t('L’ora che conta')}</h2>
      <p>
        {t(
          'Per il termine delle disdette vale l’ora del portale, non quella del tuo dispositivo. Una disdetta è valida quando il portale ne mostra il numero.',
        )}
      </p>
      <h2>{t('Il software')}</h2>
      <p>
        {t(
          'Questo portale è Refettorio, software libero distribuito con licenza EUPL 1.2. Il carattere Titillium Web è distribuito con licenza SIL Open Font License 1.1.',
        )}
      </p>
    </ProsePage>
  )
}
