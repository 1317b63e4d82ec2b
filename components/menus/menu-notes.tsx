import { keptTogether } from '#lib/words/written.ts'
import { useWords } from '#words'

/** What a menu can promise and what it cannot: the same words wherever one is shown. */
export function MenuNotes({ phone, diet = false }: { phone: string; diet?: boolean }) {
  const t = useWords()
  return (
    <div className="grid max-w-3xl gap-2 text-sm text-muted print:mt-2">
      <p>
        {t(
          'Gli allergeni sono i quattordici dell’allegato II del Regolamento (UE) 1169/2011, come li ha dichiarati il gestore. In cucina si usano tutti: tracce degli altri non si possono escludere.',
        )}
      </p>
      <p>
        {diet
          ? t(
              'Le sostituzioni sono quelle scritte dal gestore per le diete più comuni. Questo menù non sostituisce la dieta concordata per il singolo bambino.',
            )
          : t('Chi ha una dieta personale segue quella concordata con il gestore.')}{' '}
        {t('Per qualsiasi dubbio telefona al gestore: {phone}.', { phone: keptTogether(phone) })}
      </p>
    </div>
  )
}
