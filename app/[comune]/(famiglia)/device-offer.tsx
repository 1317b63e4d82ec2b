import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { thisBrowser } from '#lib/devices/this-browser.request.ts'
import { currentSession } from '#lib/session/session.request.ts'
import { isFresh } from '#lib/session/step-up.ts'
import { fill } from '#lib/words/fill.ts'
import { readWords } from '#lib/words/words.request.ts'

/**
 * *Salva credenziali*, offered in the minutes after a full sign-in to a browser that is not remembered and has not said
 * "not now". A person who ignores it loses nothing.
 */
export async function DeviceOffer({ municipalitySlug }: { municipalitySlug: string }) {
  const t = await readWords()
  const [session, browser] = await Promise.all([currentSession(municipalitySlug), thisBrowser()])
  const isDue =
    session?.viewer && !session.viewer.look && isFresh(session) && !browser.cookie && !browser.saidNotNow
  if (!isDue) return null
  return (
    <div className="needs-network">
      <Notice
        action={
          <>
            <ButtonLink href={`/${municipalitySlug}/profilo/accessi/ricorda`} icon="smartphone">
              {t('Salva credenziali')}
            </ButtonLink>
            <form method="post" action="/api/dispositivo/non-ora">
              <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
              <input type="hidden" name="returnPath" value={`/${municipalitySlug}/oggi`} />
              <Button look="quiet">{t('Non ora')}</Button>
            </form>
          </>
        }
      >
        <p>
          {fill(
            t(
              '{strong} Questo dispositivo può ricordarsi di te: basterà l’impronta, il volto o una sequenza che disegni tu.',
            ),
            { strong: <strong key="strong">{t('Vuoi entrare più in fretta la prossima volta?')}</strong> },
          )}
        </p>
      </Notice>
    </div>
  )
}
