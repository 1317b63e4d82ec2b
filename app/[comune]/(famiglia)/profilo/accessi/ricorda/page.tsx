import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PasskeyMaker } from '#components/devices/passkey-maker.tsx'
import { RememberForm } from '#components/devices/remember-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireFresh, requireViewer } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'
import { finishPasskey, remember, startPasskey } from '../actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Salva credenziali') }
}

export default async function RememberThisDevice({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  if ((await requireViewer(municipalitySlug)).look) notFound()
  // Asked before anything is drawn: a sequence is kept nowhere while the person is at SPID or CIE.
  await requireFresh(municipalitySlug)
  const list = `/${municipalitySlug}/profilo/accessi`
  return (
    <>
      <Breadcrumb
        items={[{ label: t('Accessi e dispositivi'), href: list }, { label: t('Salva credenziali') }]}
      />
      <PageHeading
        title={t('Salva le credenziali su questo dispositivo')}
        lead={t('Le prossime volte entri da qui senza SPID né CIE, in pochi secondi.')}
      />
      <div className="grid gap-6">
        <Notice kind="warning" title={t('Solo su un dispositivo tuo')}>
          <p>
            {t(
              'Non farlo su un computer che usano anche altri. Ti scriviamo un’e-mail, e puoi scollegarlo quando vuoi. Dopo novanta giorni senza usarlo, o un anno in ogni caso, torniamo a chiederti SPID o CIE.',
            )}
          </p>
        </Notice>
        <Card title={t('Con l’impronta, il volto o il codice del telefono')} titleId="impronta">
          <p className="mb-4">
            {t(
              'È il modo più semplice e più sicuro: lo stesso con cui sblocchi il dispositivo. A noi non arriva né l’impronta né il volto.',
            )}
          </p>
          <PasskeyMaker municipalitySlug={municipalitySlug} begin={startPasskey} finish={finishPasskey} />
        </Card>
        <Card title={t('Con una sequenza che disegni tu')} titleId="sequenza-nuova">
          <p className="mb-4">
            {t(
              'Unisci almeno sei punti, ognuno una volta sola. Evita lettere, bordi e spirali: sono le prime che un estraneo proverebbe. Dopo cinque sequenze sbagliate dimentichiamo il dispositivo.',
            )}
          </p>
          <RememberForm municipalitySlug={municipalitySlug} action={remember} />
        </Card>
        <div>
          <ButtonLink href={list} look="quiet">
            {t('Non ora')}
          </ButtonLink>
        </div>
      </div>
    </>
  )
}
