import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MethodChoice } from '#components/access/method-choice.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { safeReturnPath } from '#lib/access/return-path.ts'
import { officialLogos } from '#lib/identity/official-logos.adapter.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { wayBack } from '#lib/session/step-up.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Conferma chi sei') }
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** Asks for SPID or CIE once more before something sensitive, and says where it leads back to. */
export default async function ConfirmIdentity({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  await requireViewer(municipalitySlug)
  const returnPath = safeReturnPath(query.ritorno, municipalitySlug)
  const isOffice = returnPath?.startsWith('/admin/') ?? false
  return (
    <div className="container-page py-6 sm:py-10">
      <PageHeading
        title={t('Conferma chi sei')}
        lead={t(
          'Per andare avanti entra di nuovo con SPID o CIE. Poi torni dove eri, con quello che avevi scritto.',
        )}
      />
      <p className="mb-6 max-w-3xl">
        {isOffice
          ? t(
              'Lo chiediamo perché riguarda i dati di altre persone: così nessuno può farlo al posto tuo da un computer lasciato aperto.',
            )
          : t(
              'Lo chiediamo per le cose più delicate, come le deleghe e i contatti: così nessuno può farle al posto tuo da un telefono lasciato aperto.',
            )}
      </p>
      <MethodChoice
        municipalitySlug={municipalitySlug}
        returnPath={returnPath}
        logos={officialLogos()}
        isKnown
      />
      <div className="mt-6">
        <ButtonLink
          href={wayBack(returnPath) ?? `/${municipalitySlug}/altro`}
          look="secondary"
          icon="arrow-left"
        >
          {t('Torna indietro senza cambiare niente')}
        </ButtonLink>
      </div>
    </div>
  )
}
