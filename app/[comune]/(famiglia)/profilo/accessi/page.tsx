import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { SignOutForm } from '#components/access/sign-out-form.tsx'
import { DeviceList, SessionList } from '#components/devices/accesses.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { accessesOf } from '#lib/devices/device.queries.ts'
import { thisBrowser } from '#lib/devices/this-browser.request.ts'
import { currentSession, requireViewer, resumedForm } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { doneInWords } from '#lib/words/done.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { closeAccess, forgetDevice, forgetPasskey } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Accessi e dispositivi') }
}

const DONE: Readonly<Record<string, Phrase>> = {
  ricordato: phrase('Fatto: questo dispositivo si ricorda di te. Ti abbiamo scritto anche un’e-mail.'),
  scollegato: phrase('Fatto: il dispositivo è scollegato. Da lì si entra di nuovo solo con SPID o CIE.'),
  impronta: phrase('Fatto: l’impronta è stata tolta. Da quel dispositivo si entra con la sequenza.'),
  chiuso: phrase('Fatto: l’accesso è chiuso.'),
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function Accesses({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, { fatto }, browser] = await Promise.all([
    params,
    searchParams,
    thisBrowser(),
  ])
  const viewer = await requireViewer(municipalitySlug)
  if (viewer.look) notFound()
  const [{ sessions, devices }, session, { resumed }] = await Promise.all([
    accessesOf(viewer, browser.cookie),
    currentSession(municipalitySlug),
    resumedForm(municipalitySlug, viewer),
  ])
  const done = doneInWords(DONE, fatto)
  return (
    <>
      <Breadcrumb
        items={[
          { label: t('Altro'), href: `/${municipalitySlug}/altro` },
          { label: t('Accessi e dispositivi') },
        ]}
      />
      <PageHeading
        title={t('Accessi e dispositivi')}
        lead={t('Da dove hai fatto l’accesso, e quali dispositivi si ricordano di te.')}
      />
      <div className="grid gap-6">
        {done && (
          <Notice kind="success" live>
            <p>{t(done)}</p>
          </Notice>
        )}
        {resumed && (
          <Notice kind="success" live>
            <p>{t('Ti abbiamo riconosciuto: ora puoi confermare quello che volevi fare.')}</p>
          </Notice>
        )}
        {session?.openedWith !== 'identity' && (
          <Notice title={t('Hai fatto l’accesso da un dispositivo ricordato')}>
            <p>
              {t(
                'Puoi fare le cose di tutti i giorni: disdette, ricariche, messaggi. Per cambiare dispositivi, delegati e contatti ti chiederemo SPID o CIE.',
              )}
            </p>
          </Notice>
        )}
        <Card title={t('Dispositivi ricordati')} titleId="dispositivi">
          {devices.length > 0 ? (
            <DeviceList
              municipalitySlug={municipalitySlug}
              devices={devices}
              revoke={forgetDevice}
              removePasskey={forgetPasskey}
            />
          ) : (
            <p>{t('Nessuno: ogni volta entri con SPID o CIE.')}</p>
          )}
          <div className="mt-6">
            <ButtonLink
              href={`/${municipalitySlug}/profilo/accessi/ricorda`}
              look="secondary"
              icon="smartphone"
            >
              {devices.some((device) => device.here)
                ? t('Cambia come entri da questo dispositivo')
                : t('Salva le credenziali su questo dispositivo')}
            </ButtonLink>
          </div>
        </Card>
        <Card title={t('Accessi aperti adesso')} titleId="accessi">
          <SessionList municipalitySlug={municipalitySlug} sessions={sessions} revoke={closeAccess} />
        </Card>
        <Card title={t('Hai perso un telefono, o non riconosci qualcosa?')} titleId="tutti">
          <p className="mb-4">
            {t(
              'Chiudi tutti gli accessi, questo compreso, e fai dimenticare tutti i dispositivi. Poi rientri con SPID o CIE.',
            )}
          </p>
          <SignOutForm municipalitySlug={municipalitySlug} everywhere asksForSubscriptions />
        </Card>
      </div>
    </>
  )
}
