import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { ForgetOffline } from '#components/installed/forget-offline.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { homePath } from '#lib/access/return-path.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Uscita effettuata') }
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function SignedOutPage({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, { ovunque }] = await Promise.all([params, searchParams])
  const [municipality, viewer] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    currentViewer(municipalitySlug),
  ])
  if (!municipality) notFound()
  // Reached by hand, or with the back button after signing in again: saying that one is out would be false.
  if (viewer) redirect(homePath(municipalitySlug, viewer))
  return (
    <>
      <ForgetOffline />
      <PageHeading
        title={ovunque === '1' ? t('Uscita effettuata da tutti i dispositivi') : t('Uscita effettuata')}
        lead={t('I dati della tua famiglia non sono più visibili da qui.')}
      />
      <div className="grid max-w-3xl gap-6">
        <Notice title={t('Il computer non è solo tuo?')}>
          <p>
            {t(
              'Chiudi anche il browser: il tuo gestore SPID o CIE potrebbe ricordarsi di te per qualche minuto.',
            )}
          </p>
        </Notice>
        <div className="flex flex-wrap gap-3">
          <ButtonLink href={`/${municipalitySlug}/accesso`} icon="log-in">
            {t('Accedi di nuovo')}
          </ButtonLink>
          <ButtonLink href={`/${municipalitySlug}`} look="secondary">
            {t('Vai alla pagina iniziale')}
          </ButtonLink>
        </div>
      </div>
    </>
  )
}
