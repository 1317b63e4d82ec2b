import type { FoundGroup } from '#lib/desk/search.words.ts'

/** How many lines were found, for a person who listens. */
const countInWords = (groups: readonly FoundGroup[]): string => {
  const found = groups.reduce((sum, { lines }) => sum + lines.length, 0)
  if (found === 0) return ''
  return found === 1 ? 'Un risultato' : `${found} risultati`
}

/**
 * What a search found, kind by kind; each line is a link.
 * @param shortest fewer letters than these are not looked for
 */
export function FoundList({
  groups,
  typed,
  shortest,
}: {
  groups: readonly FoundGroup[]
  typed: string
  shortest: number
}) {
  const nothing = typed.length < shortest ? `Scrivi almeno ${shortest} lettere.` : `Niente con “${typed}”.`
  return (
    <>
      <p role="status" className={groups.length > 0 ? 'sr-only' : undefined}>
        {groups.length > 0 ? countInWords(groups) : nothing}
      </p>
      {groups.map(({ title, lines }) => (
        <section key={title} aria-label={title} className="mt-3">
          <p aria-hidden="true" className="text-sm font-semibold text-muted">
            {title}
          </p>
          <ul>
            {lines.map(({ label, detail, href }, at) => (
              // Two people may have one name in one class.
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines are drawn together and never reordered.
              <li key={`${href} ${at}`}>
                <a
                  href={href}
                  className="flex min-h-11 flex-wrap items-center gap-x-3 rounded px-2 py-1 text-ink no-underline hover:bg-canvas focus:bg-canvas"
                >
                  <span className="font-semibold text-primary underline">{label}</span>
                  <span className="text-sm text-muted">{detail}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
