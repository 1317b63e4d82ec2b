import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { Contacts } from '#components/access/contacts.tsx'
import { SignOutForm } from '#components/access/sign-out-form.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { homePath } from '#lib/auth/return-path.ts'
import { currentSession, currentViewer } from '#lib/auth/session.ts'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

export const metadata: Metadata = { title: 'Non sei ancora abilitato' }

export default async function NotEnabledPage({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const municipality = await municipalityBySlug(comune)
  if (!municipality) notFound()
  const [session, viewer] = await Promise.all([currentSession(comune), currentViewer(comune)])
  if (viewer) redirect(homePath(comune, viewer))
  if (!session) redirect(`/${comune}/accesso`)
  return (
    <div className="container-page py-8">
      <PageHeading
        title={`${session.givenName}, la mensa di ${municipality.name} non ti conosce ancora`}
        lead="Il tuo accesso è riuscito, ma il tuo codice fiscale non è collegato a nessuna famiglia iscritta."
      />
      <div className="grid gap-6 md:grid-cols-2">
        <Card title="Cosa puoi fare" titleId="cosa-fare">
          <ul className="grid list-disc gap-3 ps-5">
            <li>
              <strong>L’altro genitore ha già fatto l’iscrizione?</strong> Chiedi al gestore della mensa di
              aggiungerti come delegato: potrai vedere il calendario e disdire i pasti.
            </li>
            <li>
              <strong>L’iscrizione è a tuo nome?</strong> Forse il codice fiscale è stato scritto male nel
              modulo: il gestore lo controlla e ti abilita.
            </li>
            <li>
              <strong>Non hai ancora fatto l’iscrizione?</strong> Chiedi al gestore come fare: dopo, potrai
              entrare da qui.
            </li>
            <li>
              <strong>La scuola è in un altro Comune?</strong> Scegli il Comune della scuola, non quello in
              cui abiti.
            </li>
          </ul>
        </Card>
        <Card title="A chi rivolgerti" titleId="contatti">
          <Contacts office={municipality.operator} />
        </Card>
      </div>
      <div className="mt-6 flex flex-wrap gap-3">
        <SignOutForm comune={comune} look="primary" />
        <ButtonLink href="/" look="secondary">
          Scegli un altro Comune
        </ButtonLink>
      </div>
    </div>
  )
}
