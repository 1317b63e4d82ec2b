import { requestPath } from '#app/request-path.ts'
import { Trouble } from '#components/public/trouble.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { currentViewer } from '#lib/session/session.request.ts'

/** Also the answer to what a role does not open. */
export default async function NotFound() {
  const [, , municipalitySlug = ''] = (await requestPath()).split('/')
  const isStaff = ((await currentViewer(municipalitySlug))?.staffRoles.length ?? 0) > 0
  return (
    <Trouble
      icon="map-pin"
      title="Questa pagina non c’è"
      actions={
        isStaff ? (
          <ButtonLink href={`/admin/${municipalitySlug}`}>Torna all’area del gestore</ButtonLink>
        ) : (
          <ButtonLink href={`/${municipalitySlug}`}>Torna alla pagina iniziale</ButtonLink>
        )
      }
    >
      <p>Forse l’indirizzo è scritto male, o questa sezione non è tra quelle del tuo ruolo.</p>
    </Trouble>
  )
}
