import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { ChangeLost } from '#components/access/change-lost.tsx'
import { MethodChoice } from '#components/access/method-choice.tsx'
import { NotUnlocked } from '#components/access/not-unlocked.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { changeWasLost, homePath, safeReturnPath, unlockPath } from '#lib/access/return-path.ts'
import { deviceToUnlock } from '#lib/devices/device.commands.ts'
import { thisBrowser } from '#lib/devices/this-browser.request.ts'
import { officialLogos } from '#lib/identity/official-logos.adapter.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Accedi ai servizi') }
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function SignInPage({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, query, browser] = await Promise.all([
    params,
    searchParams,
    thisBrowser(),
  ])
  const [municipality, viewer] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    currentViewer(municipalitySlug),
  ])
  if (!municipality) notFound()
  const returnPath = safeReturnPath(query.ritorno, municipalitySlug)
  const wasRefused = query.sblocco === 'no'
  // The pad has a page of its own: a browser without a device to unlock does not download it.
  if (!viewer && (await deviceToUnlock(browser.cookie)))
    redirect(unlockPath(municipalitySlug, returnPath, wasRefused))
  return (
    <div className="container-page py-8">
      <PageHeading
        title={t('Accedi ai servizi')}
        lead={t('Mensa scolastica di {name}. Si entra con SPID o con CIE: non servono altre password.', {
          name: municipality.name,
        })}
      />
      <div className="mb-6 empty:hidden">
        {viewer && (
          <Notice
            title={t('Hai già effettuato l’accesso come {name}', { name: viewer.name })}
            action={
              <ButtonLink href={returnPath ?? homePath(municipalitySlug, viewer)}>{t('Continua')}</ButtonLink>
            }
          />
        )}
        {!viewer && wasRefused && <NotUnlocked />}
        {!viewer && !wasRefused && changeWasLost(returnPath) && <ChangeLost />}
      </div>
      <MethodChoice municipalitySlug={municipalitySlug} returnPath={returnPath} logos={officialLogos()} />
      <p className="mt-6 max-w-3xl text-muted">
        {t(
          'Riceviamo solo nome, cognome, data di nascita e codice fiscale, e da SPID l’indirizzo e-mail. Servono a riconoscere la tua famiglia.',
        )}
      </p>
    </div>
  )
}
