import { requestPath } from '#app/request-path.ts'
import { Trouble } from '#components/public/trouble.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { readWords } from '#lib/words/words.request.ts'

/** Also the answer for what the viewer may not see: it does not tell whether it exists. */
export default async function NotFound() {
  const t = await readWords()
  const [, municipalitySlug = ''] = (await requestPath()).split('/')
  return (
    <Trouble
      icon="map-pin"
      title={t('Questa pagina non c’è')}
      actions={<ButtonLink href={`/${municipalitySlug}`}>{t('Torna alla pagina iniziale')}</ButtonLink>}
    >
      <p>{t('Forse l’indirizzo è scritto male, o quello che cerchi non è tra le cose che puoi vedere.')}</p>
      <p>{t('Se arrivi qui da un messaggio, accedi con la persona a cui era diretto.')}</p>
    </Trouble>
  )
}
