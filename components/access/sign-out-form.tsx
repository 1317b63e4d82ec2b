import { Button, type ButtonLook } from '#components/ui/button.tsx'
import { useWords } from '#words'

/**
 * *Esci*, as a plain form to a stable address: it works without JavaScript and from a page opened before a deploy.
 * @param everywhere ends the sessions of every device, not of this one only
 */
export function SignOutForm({
  municipalitySlug,
  everywhere = false,
  look = 'secondary',
  wide = false,
}: {
  municipalitySlug: string
  everywhere?: boolean
  look?: ButtonLook
  wide?: boolean
}) {
  const t = useWords()
  return (
    <form method="post" action="/api/auth/signout">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      {everywhere && <input type="hidden" name="ovunque" value="1" />}
      <Button look={look} icon="log-out" wide={wide}>
        {everywhere ? t('Esci da tutti i dispositivi') : t('Esci')}
      </Button>
    </form>
  )
}
