import { Notice } from '#components/ui/notice.tsx'
import { useWords } from '#words'

/** For a person who pressed a button after their session was over: without JavaScript only the next page can tell. */
export const ChangeLost = () => {
  const t = useWords()
  return (
    <Notice kind="error" live title={t('Non è cambiato niente')}>
      <p>{t('La sessione è finita. Accedi di nuovo: quello che avevi già salvato resta salvato.')}</p>
    </Notice>
  )
}
