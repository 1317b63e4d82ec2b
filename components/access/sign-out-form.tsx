import { Button, type ButtonLook } from '#components/ui/button.tsx'
import { useWords } from '#words'

/**
 * *Esci*, as a plain form to a stable address: it works without JavaScript and from a page opened before a deploy.
 * @param everywhere ends the sessions of every device, not of this one only
 * @param asksForSubscriptions asks whether what goes on without a session ends too
 */
export function SignOutForm({
  municipalitySlug,
  everywhere = false,
  asksForSubscriptions = false,
  look = 'secondary',
  wide = false,
}: {
  municipalitySlug: string
  everywhere?: boolean
  asksForSubscriptions?: boolean
  look?: ButtonLook
  wide?: boolean
}) {
  const t = useWords()
  return (
    <form method="post" action="/api/auth/signout">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      {everywhere && <input type="hidden" name="ovunque" value="1" />}
      {asksForSubscriptions && (
        <label className="mb-4 flex items-start gap-3">
          <input type="checkbox" name="abbonamenti" value="1" className="mt-1.5 size-5 shrink-0" />
          <span>
            {t('Chiudi anche gli indirizzi del calendario e le notifiche sui dispositivi')}
            <span className="block text-muted">
              {t('Senza la spunta restano attivi: non hanno bisogno di un accesso.')}
            </span>
          </span>
        </label>
      )}
      <Button look={look} icon="log-out" wide={wide}>
        {everywhere ? t('Esci da tutti i dispositivi') : t('Esci')}
      </Button>
    </form>
  )
}
