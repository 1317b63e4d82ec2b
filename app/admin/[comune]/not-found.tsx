import { Trouble } from '#components/public/trouble.tsx'
import { HomeOfThisComune } from '#components/shell/home-link.tsx'

/** Also the answer to what is not yours to see: whether it exists is nobody else's business. */
export default function NotFound() {
  return (
    <Trouble icon="map-pin" title="Questa pagina non c’è" actions={<HomeOfThisComune />}>
      <p>Forse l’indirizzo è scritto male, o quello che cerchi non è tra le cose che puoi vedere.</p>
      <p>Se sei arrivato qui da un messaggio, accedi con la persona a cui era diretto.</p>
    </Trouble>
  )
}
