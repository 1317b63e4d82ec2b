import { Icon } from '#components/ui/icon.tsx'
import { useWords } from '#words'

type Line = { id: string; title: string; href: string }

/** Where one is among the steps, and the way to any of them. `current` null: the recap. */
export function StepProgress({
  steps,
  current,
  recapHref,
}: {
  steps: readonly Line[]
  current: string | null
  recapHref: string
}) {
  const t = useWords()
  const at = current === null ? steps.length : steps.findIndex(({ id }) => id === current)
  const lines = [...steps, { id: '', title: t('Riepilogo e invio'), href: recapHref }]
  return (
    <nav aria-label={t('Passi del modulo')} className="mb-6 print:hidden">
      <p className="font-semibold text-ink">
        {t('Passo {n} di {total}', { n: at + 1, total: lines.length })}
      </p>
      <progress
        value={at + 1}
        max={lines.length}
        aria-hidden
        className="mt-2 block h-2 w-full appearance-none overflow-hidden rounded-full bg-muted-surface [&::-moz-progress-bar]:bg-primary [&::-webkit-progress-bar]:bg-muted-surface [&::-webkit-progress-value]:bg-primary"
      />
      <details className="mt-2">
        <summary className="inline-flex min-h-11 cursor-pointer items-center text-primary underline">
          {t('Vedi tutti i passi')}
        </summary>
        <ol className="mt-1 grid gap-1">
          {lines.map((line, index) => (
            <li key={line.id} className="flex min-h-11 items-center gap-2">
              <Icon
                name={index < at ? 'circle-check' : index === at ? 'pencil' : 'minus'}
                className={index < at ? 'text-success' : 'text-muted'}
              />
              {index === at ? (
                <span lang="it" aria-current="step" className="font-semibold text-ink">
                  {line.title}
                </span>
              ) : (
                <a href={line.href} lang="it">
                  {line.title}
                </a>
              )}
            </li>
          ))}
        </ol>
      </details>
    </nav>
  )
}
