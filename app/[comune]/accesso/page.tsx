import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MethodCard } from '#components/access/method-card.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officialMark } from '#lib/auth/marks.ts'
import { homePath, safeReturnPath } from '#lib/auth/return-path.ts'
import { currentViewer } from '#lib/auth/session.ts'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

export const metadata: Metadata = { title: 'Accedi ai servizi' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<{ ritorno?: string | string[] }> }

export default async function SignInPage({ params, searchParams }: Props) {
  const [{ comune }, query] = await Promise.all([params, searchParams])
  const [municipality, viewer] = await Promise.all([municipalityBySlug(comune), currentViewer(comune)])
  if (!municipality) notFound()
  const ritorno = safeReturnPath(query.ritorno, comune)
  return (
    <div className="container-page py-8">
      <PageHeading
        title="Accedi ai servizi"
        lead={`Mensa scolastica di ${municipality.name}. Si entra con SPID o con CIE: non servono altre password.`}
      />
      {viewer && (
        <div className="mb-6">
          <Notice
            title={`Hai già effettuato l’accesso come ${viewer.name}`}
            action={<ButtonLink href={ritorno ?? homePath(comune, viewer)}>Continua</ButtonLink>}
          />
        </div>
      )}
      <div className="grid gap-6 md:grid-cols-2">
        {(['spid', 'cie'] as const).map((method) => (
          <MethodCard
            key={method}
            method={method}
            comune={comune}
            ritorno={ritorno}
            mark={officialMark(method)}
          />
        ))}
      </div>
      <p className="mt-6 max-w-3xl text-muted">
        Riceviamo solo nome, cognome, data di nascita e codice fiscale, e da SPID l’indirizzo e-mail. Servono
        a riconoscere la tua famiglia.
      </p>
    </div>
  )
}
