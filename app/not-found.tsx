import type { Metadata } from 'next'
import { requestAddress } from '#app/request-path.ts'
import { Trouble } from '#components/public/trouble.tsx'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { PortalHeader } from '#components/shell/site-header.tsx'
import { ButtonLink } from '#components/ui/button.tsx'

export const metadata: Metadata = { title: 'Pagina non trovata' }

export default async function NotFound() {
  return (
    <>
      <PortalHeader address={await requestAddress()} />
      <main id="contenuto" tabIndex={-1}>
        <Trouble
          icon="map-pin"
          title="Questa pagina non c’è"
          actions={<ButtonLink href="/">Scegli il Comune</ButtonLink>}
        >
          <p>Forse l’indirizzo è scritto male, o la pagina è stata spostata.</p>
        </Trouble>
      </main>
      <PortalFooter />
    </>
  )
}
