import type { Metadata } from 'next'
import { requestAddress } from '#app/request-path.ts'
import { Trouble } from '#components/public/trouble.tsx'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { PortalHeader } from '#components/shell/site-header.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Pagina non trovata') }
}

export default async function NotFound() {
  const [t, address] = await Promise.all([readWords(), requestAddress()])
  return (
    <>
      <PortalHeader address={address} />
      <main id="contenuto" tabIndex={-1}>
        <Trouble
          icon="map-pin"
          title={t('Questa pagina non c’è')}
          actions={<ButtonLink href="/">{t('Scegli il Comune')}</ButtonLink>}
        >
          <p>{t('Forse l’indirizzo è scritto male, o la pagina è stata spostata.')}</p>
        </Trouble>
      </main>
      <PortalFooter address={address} />
    </>
  )
}
