import { Notice } from '#components/ui/notice.tsx'
import { useWords } from '#words'

/** In plain words what the office will and will not know. */
export function WhatIsKnown({ anonymous, showsResults }: { anonymous: boolean; showsResults: boolean }) {
  const t = useWords()
  return (
    <Notice
      kind="info"
      title={anonymous ? t('Questo questionario è anonimo') : t('Questo questionario porta il tuo nome')}
    >
      <ul className="list-disc ps-5">
        {anonymous ? (
          <>
            <li>
              {t(
                'Il portale sa che la tua famiglia ha risposto, ma non che cosa: le risposte sono tenute separate, senza nome e senza ora.',
              )}
            </li>
            <li>
              {t('Nessuno legge le risposte prima della fine. I numeri più piccoli di 5 non si mostrano.')}
            </li>
            <li>
              {t('I testi si leggono come li scrivi: non scrivere nomi né cose che ti fanno riconoscere.')}
            </li>
            <li>{t('Dopo l’invio non puoi cambiare la risposta: non sapremmo quale è la tua.')}</li>
          </>
        ) : (
          <>
            <li>{t('L’ufficio può sapere chi ha risposto e che cosa.')}</li>
            <li>{t('Puoi cambiare la risposta fino alla fine.')}</li>
          </>
        )}
        <li>
          {showsResults
            ? t('Dopo la fine trovi qui i risultati: solo numeri, mai testi né nomi.')
            : t('I risultati li legge solo l’ufficio.')}
        </li>
      </ul>
    </Notice>
  )
}
