import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { useWords } from '#words'
import { PasskeyUnlock } from './passkey-unlock.tsx'
import { PatternPad } from './pattern-pad.tsx'

type Props = {
  municipalitySlug: string
  returnPath: string | null
  hasSequence: boolean
  hasPasskey: boolean
}

const Where = ({ municipalitySlug, returnPath }: Pick<Props, 'municipalitySlug' | 'returnPath'>) => (
  <>
    <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
    {returnPath && <input type="hidden" name="returnPath" value={returnPath} />}
  </>
)

/** What opens a remembered device: finger or face first where it has them, then the sequence. */
export function UnlockScreen({ municipalitySlug, returnPath, hasSequence, hasPasskey }: Props) {
  const t = useWords()
  return (
    <Card title={t('Entra da questo dispositivo')} titleId="sblocco">
      <div className="grid max-w-md gap-8">
        {hasPasskey && <PasskeyUnlock municipalitySlug={municipalitySlug} returnPath={returnPath} />}
        {hasSequence && (
          <form method="post" action="/api/dispositivo/sblocca" className="grid gap-5">
            <Where municipalitySlug={municipalitySlug} returnPath={returnPath} />
            <PatternPad
              name="sequenza"
              label={t('Disegna la tua sequenza: quando alzi il dito, entri.')}
              sends
            />
            <Button size="lg" wide look={hasPasskey ? 'secondary' : 'primary'} icon="log-in">
              {t('Entra con la sequenza')}
            </Button>
          </form>
        )}
        <NotYou municipalitySlug={municipalitySlug} returnPath={returnPath} />
      </div>
    </Card>
  )
}

function NotYou(props: Pick<Props, 'municipalitySlug' | 'returnPath'>) {
  const t = useWords()
  return (
    <details>
      <summary className="min-h-11 py-2 font-semibold text-primary">{t('Non sei tu?')}</summary>
      <form method="post" action="/api/dispositivo/dimentica" className="grid gap-3 pt-2">
        <Where {...props} />
        <p>
          {t(
            'Entra con il tuo SPID o la tua CIE, qui sotto. Se invece il dispositivo ha cambiato mano, puoi fargli dimenticare chi lo usava.',
          )}
        </p>
        <div>
          <Button look="secondary" icon="user-x">
            {t('Dimentica su questo dispositivo')}
          </Button>
        </div>
      </form>
    </details>
  )
}
