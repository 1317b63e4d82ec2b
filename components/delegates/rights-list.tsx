import { Icon } from '#components/ui/icon.tsx'
import type { Phrase } from '#lib/words/language.ts'
import { useWords } from '#words'

/** What a person may and may not do, in plain words: a drawing and a sentence for each. */
export function RightsList({
  label,
  rights,
}: {
  label: string
  rights: readonly { may: boolean; sentence: Phrase }[]
}) {
  const t = useWords()
  return (
    <ul className="grid gap-2" aria-label={label}>
      {rights.map(({ may, sentence }) => (
        <li key={sentence} className="flex gap-2">
          <Icon
            name={may ? 'circle-check' : 'ban'}
            className={`mt-0.5 ${may ? 'text-success' : 'text-muted'}`}
          />
          <span>{t(sentence)}</span>
        </li>
      ))}
    </ul>
  )
}
