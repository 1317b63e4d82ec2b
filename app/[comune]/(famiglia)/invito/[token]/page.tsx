import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MethodChoice } from '#components/access/method-choice.tsx'
import { SignOutForm } from '#components/access/sign-out-form.tsx'
import { InvitationAnswer } from '#components/delegates/invitation-answer.tsx'
import { RightsList } from '#components/delegates/rights-list.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { safeReturnPath } from '#lib/access/return-path.ts'
import { officialLogos } from '#lib/identity/official-logos.adapter.ts'
import { type InvitationView, invitationView } from '#lib/people/delegate.queries.ts'
import { OWN_RIGHTS } from '#lib/people/delegate.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { currentSession } from '#lib/session/session.request.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import { readWords } from '#lib/words/words.request.ts'
import { useWords } from '#words'
import { answer } from './actions.ts'

/** The address holds a secret; the portal's Referrer-Policy keeps it from everybody else. */
export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Invito'), robots: { index: false } }
}

type Props = { params: Promise<{ comune: string; token: string }> }

const OVER: Record<Extract<InvitationView, { kind: 'over' }>['state'], Phrase> = {
  accepted: phrase('Hai già accettato questo invito: entra e troverai il calendario.'),
  declined: phrase('Hai già rifiutato questo invito. Se hai cambiato idea, chiedi di mandartene un altro.'),
  withdrawn: phrase('L’invito è stato ritirato. Se pensi a un errore, parlane con chi te l’aveva mandato.'),
  expired: phrase('L’invito è scaduto. Chiedi di mandartene un altro.'),
}

function OpenInvitation({
  municipalitySlug,
  token,
  invitation,
}: {
  municipalitySlug: string
  token: string
  invitation: Extract<InvitationView, { kind: 'open' }>['invitation']
}) {
  const t = useWords()
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Card title={t('L’invito')} titleId="invito">
        <DataList
          items={[
            { term: t('Ti invita'), value: invitation.holderName },
            { term: t('Per'), value: listInWords(invitation.pupilNames, t.language) },
            {
              term: t('La delega vale'),
              value: invitation.until
                ? t('da oggi al {until} compreso', { until: numericDay(invitation.until, t.language) })
                : t('da oggi, finché uno di voi due non la chiude'),
            },
            { term: t('Rispondi entro'), value: instantInWords(invitation.expiresAt, t) },
          ]}
        />
        <div className="mt-6">
          <InvitationAnswer municipalitySlug={municipalitySlug} token={token} action={answer} />
        </div>
      </Card>
      <Card title={t('Che cosa può fare un delegato')} titleId="diritti">
        <RightsList label={t('Che cosa può fare un delegato')} rights={OWN_RIGHTS} />
      </Card>
    </div>
  )
}

export default async function InvitationPage({ params }: Props) {
  const t = await readWords()
  const { comune: municipalitySlug, token } = await params
  const [municipality, session] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    currentSession(municipalitySlug),
  ])
  if (!municipality) notFound()
  const here = safeReturnPath(`/${municipalitySlug}/invito/${token}`, municipalitySlug)
  if (!here) notFound()
  if (!session)
    return (
      <>
        <PageHeading
          title={t('Hai ricevuto un invito')}
          lead={t(
            'Un genitore ti ha scelto come delegato per la mensa di {name}. Entra con la tua SPID o la tua CIE: l’invito si apre solo alla persona a cui è diretto.',
            { name: municipality.name },
          )}
        />
        <MethodChoice municipalitySlug={municipalitySlug} returnPath={here} logos={officialLogos()} />
      </>
    )
  const view = await invitationView(session.citizenId, municipalitySlug, token)
  if (view.kind === 'unknown') notFound()
  return (
    <>
      <PageHeading title={t('Invito alla mensa di {name}', { name: municipality.name })} />
      {view.kind === 'open' && (
        <OpenInvitation municipalitySlug={municipalitySlug} token={token} invitation={view.invitation} />
      )}
      {view.kind === 'over' && (
        <Notice kind="warning" title={t('Questo invito non vale più')}>
          <p>{t(OVER[view.state])}</p>
        </Notice>
      )}
      {view.kind === 'not-for-you' && (
        <Notice
          kind="warning"
          title={t('Questo invito è per un’altra persona')}
          action={<SignOutForm municipalitySlug={municipalitySlug} />}
        >
          <p>
            {t(
              'Hai fatto l’accesso come {givenName}. Chi ha ricevuto l’invito deve entrare con la propria SPID o CIE.',
              {
                givenName: session.givenName,
              },
            )}
          </p>
        </Notice>
      )}
    </>
  )
}
