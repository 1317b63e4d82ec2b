import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MethodChoice } from '#components/access/method-choice.tsx'
import { UnlockScreen } from '#components/devices/unlock-screen.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officialMarks } from '#lib/auth/marks.ts'
import { homePath, safeReturnPath } from '#lib/auth/return-path.ts'
import { currentViewer } from '#lib/auth/session.ts'
import { thisBrowser } from '#lib/auth/this-browser.ts'
import { deviceToUnlock } from '#lib/devices/commands.ts'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

export const metadata: Metadata = { title: 'Accedi ai servizi' }

type Query = { ritorno?: string | string[]; sblocco?: string | string[] }
type Props = { params: Promise<{ comune: string }>; searchParams: Promise<Query> }

/** One sentence for a wrong sequence, a forgotten device and a stranger's cookie: it tells nobody which. */
const NotUnlocked = () => (
  <Notice kind="error" live title="Non ti abbiamo fatto entrare">
    <p>
      La sequenza non è quella giusta, oppure questo dispositivo non è più tra quelli che ricordiamo. Dopo
      cinque sequenze sbagliate si entra solo con SPID o CIE.
    </p>
  </Notice>
)

export default async function SignInPage({ params, searchParams }: Props) {
  const [{ comune }, query, browser] = await Promise.all([params, searchParams, thisBrowser()])
  const [municipality, viewer] = await Promise.all([municipalityBySlug(comune), currentViewer(comune)])
  if (!municipality) notFound()
  const device = viewer ? null : await deviceToUnlock(browser.cookie)
  const ritorno = safeReturnPath(query.ritorno, comune)
  return (
    <div className="container-page py-8">
      <PageHeading
        title={device ? `Ciao ${device.givenName}` : 'Accedi ai servizi'}
        lead={
          device
            ? `Mensa scolastica di ${municipality.name}. Questo dispositivo si ricorda di te.`
            : `Mensa scolastica di ${municipality.name}. Si entra con SPID o con CIE: non servono altre password.`
        }
      />
      <div className="mb-6 empty:hidden">
        {viewer && (
          <Notice
            title={`Hai già effettuato l’accesso come ${viewer.name}`}
            action={<ButtonLink href={ritorno ?? homePath(comune, viewer)}>Continua</ButtonLink>}
          />
        )}
        {!viewer && query.sblocco === 'no' && <NotUnlocked />}
      </div>
      {device ? (
        <div className="grid items-start gap-x-6 gap-y-10 lg:grid-cols-2">
          <UnlockScreen comune={comune} ritorno={ritorno} {...device} />
          <div>
            <h2 className="mb-4 text-2xl">Oppure entra con SPID o CIE</h2>
            <MethodChoice comune={comune} ritorno={ritorno} marks={officialMarks()} stacked />
          </div>
        </div>
      ) : (
        <MethodChoice comune={comune} ritorno={ritorno} marks={officialMarks()} />
      )}
      <p className="mt-6 max-w-3xl text-muted">
        Riceviamo solo nome, cognome, data di nascita e codice fiscale, e da SPID l’indirizzo e-mail. Servono
        a riconoscere la tua famiglia.
      </p>
    </div>
  )
}
