import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { ChangeLost } from '#components/access/change-lost.tsx'
import { MethodChoice } from '#components/access/method-choice.tsx'
import { NotUnlocked } from '#components/access/not-unlocked.tsx'
import { UnlockScreen } from '#components/devices/unlock-screen.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { changeWasLost, safeReturnPath, signInPath } from '#lib/access/return-path.ts'
import { deviceToUnlock } from '#lib/devices/device.commands.ts'
import { thisBrowser } from '#lib/devices/this-browser.request.ts'
import { officialLogos } from '#lib/identity/official-logos.adapter.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Entra da questo dispositivo') }
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** *Accedi ai servizi* on a browser that is remembered; any other goes to the page with SPID and CIE alone. */
export default async function UnlockPage({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, query, browser] = await Promise.all([
    params,
    searchParams,
    thisBrowser(),
  ])
  const [municipality, device] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    deviceToUnlock(browser.cookie),
  ])
  if (!municipality) notFound()
  const returnPath = safeReturnPath(query.ritorno, municipalitySlug)
  if (!device) redirect(signInPath(municipalitySlug, returnPath))
  return (
    <>
      <PageHeading
        title={t('Ciao {givenName}', { givenName: device.givenName })}
        lead={t('Mensa scolastica di {name}. Questo dispositivo si ricorda di te.', {
          name: municipality.name,
        })}
      />
      <div className="mb-6 empty:hidden">
        {query.sblocco === 'no' && <NotUnlocked />}
        {query.sblocco !== 'no' && changeWasLost(returnPath) && <ChangeLost />}
      </div>
      <div className="grid items-start gap-x-6 gap-y-10 lg:grid-cols-2">
        <UnlockScreen municipalitySlug={municipalitySlug} returnPath={returnPath} {...device} />
        <div>
          <h2 className="mb-4 text-2xl">{t('Oppure entra con SPID o CIE')}</h2>
          <MethodChoice
            municipalitySlug={municipalitySlug}
            returnPath={returnPath}
            logos={officialLogos()}
            stacked
          />
        </div>
      </div>
    </>
  )
}
