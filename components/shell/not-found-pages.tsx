import { Trouble } from '#components/public/trouble.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { useWords } from '#words'
import { PortalFooter } from './site-footer.tsx'
import { PortalHeader } from './site-header.tsx'

/** Also the answer for what the viewer may not see: it does not tell whether it exists. */
export function NotInMunicipality({ municipalitySlug }: { municipalitySlug: string }) {
  const t = useWords()
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

/** The whole page, where no municipality is. */
export function NotInPortal({ address }: { address: string }) {
  const t = useWords()
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
