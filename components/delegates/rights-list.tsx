import { Icon } from '#components/ui/icon.tsx'
import type { Phrase } from '#lib/words/language.ts'
import { useWords } from '#words'

/** What a person may and may not do, in plain words: a drawing and a word for each. */
export function RightsList({
  label,
  rights,
}: {
  label: string
  rights: readonly { may: boolean; what: Phrase }[]
}) {
  const t = useWords()
  return (
    <ul className="grid gap-2" aria-label={label}>
      {rights.map(({ may, what }) => (
        <li key={what} className="flex gap-2">
          <Icon
            name={may ? 'circle-check' : 'ban'}
            className={`mt-0.5 ${may ? 'text-success' : 'text-muted'}`}
          />
          <span>
            <strong className="font-semibold text-ink">{may ? t('Può') : t('Non può')}</strong> {t(what)}
          </span>
        </li>
      ))}
    </ul>
  )
}
