import { Notice } from '#components/ui/notice.tsx'
import { useWords } from '#words'

/** One sentence for a wrong sequence, a forgotten device and a stranger's cookie: it does not tell which. */
export const NotUnlocked = () => {
  const t = useWords()
  return (
    <Notice kind="error" live title={t('Non ti abbiamo fatto entrare')}>
      <p>
        {t(
          'La sequenza non è quella giusta, oppure questo dispositivo non è più tra quelli che ricordiamo. Dopo cinque sequenze sbagliate si entra solo con SPID o CIE.',
        )}
      </p>
    </Notice>
  )
}
