import { Notice } from '#components/ui/notice.tsx'
import { fill } from '#lib/words/fill.ts'
import { useWords } from '#words'

/** The portal tells the kitchen; the school is told by the family. */
export const SchoolReminder = () => {
  const t = useWords()
  return (
    <Notice title={t('Avvisa anche la scuola')}>
      <p>
        {fill(t('In caso di assenza è comunque necessario informare la scuola con il {strong}.'), {
          strong: <strong key="strong">{t('quadernino degli avvisi')}</strong>,
        })}
      </p>
    </Notice>
  )
}
