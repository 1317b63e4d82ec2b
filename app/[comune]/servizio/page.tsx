import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { JsonLd } from '#components/public/json-ld.tsx'
import { ServiceSheet } from '#components/public/service-sheet.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { env } from '#lib/kernel/env.ts'
import { canteenService } from '#lib/school/json-ld.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { publicService } from '#lib/tariffs/public-service.queries.ts'
import { nonceIn } from '#lib/web/security-headers.ts'
import { readWords } from '#lib/words/words.request.ts'

type Props = { params: Promise<{ comune: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await readWords()
  const path = `/${(await params).comune}/servizio`
  return {
    title: t('Il servizio'),
    description: t('A chi è rivolta la mensa scolastica, come si usa il portale, tempi, costi e contatti.'),
    alternates: { canonical: path },
    openGraph: { title: t('Il servizio di mensa scolastica'), url: path },
  }
}

/** The service sheet in the structure that the ministry asks of municipal sites, with the hooks of its validator. */
export default async function Service({ params }: Props) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const [service, sent] = await Promise.all([publicService(municipality), headers()])
  return (
    <>
      <div className="border-b border-line bg-white">
        <div className="container-page py-6 sm:py-10">
          <Breadcrumb
            items={[
              { label: t('Mensa scolastica'), href: `/${municipalitySlug}` },
              { label: t('Il servizio') },
            ]}
          />
          <h1 data-element="service-title" className="text-3xl sm:text-4xl">
            {service?.name ?? t('Refezione scolastica')}
          </h1>
          <p className="mt-3" data-element="service-status">
            <StatusChip tone={service ? 'success' : 'warning'} icon={service ? 'circle-check' : 'ban'}>
              {service ? t('Servizio attivo') : t('Servizio non attivo')}
            </StatusChip>
          </p>
          <p data-element="service-description" className="mt-3 max-w-3xl text-lg">
            {t(
              'Il pranzo a scuola per gli alunni di {name}: ogni giorno di mensa è già prenotato, e da qui si disdice, si ricarica e si legge tutto quello che riguarda il servizio.',
              { name: municipality.name },
            )}
          </p>
        </div>
      </div>
      {service ? (
        <>
          <JsonLd
            nonce={nonceIn(sent.get('content-security-policy'))}
            data={canteenService(municipality, service, env().PUBLIC_ORIGIN)}
          />
          <ServiceSheet municipality={municipality} service={service} />
        </>
      ) : (
        <div className="container-page py-10">
          <EmptyState icon="utensils-crossed" title={t('Il servizio di mensa non è attivo')}>
            <p>{t('Quando il Comune lo attiverà, qui troverai prezzi, giorni e modo di accedere.')}</p>
          </EmptyState>
        </div>
      )}
    </>
  )
}
