import type { ReactNode } from 'react'

/**
 * A table that scrolls sideways inside its own box on a narrow screen, reachable by keyboard there: a shadow shows that it goes on.
 * The column that decides stands beside the first one, where a telephone shows it.
 * @param caption says what the table holds; `captionHidden` keeps it for screen readers when a heading already says it.
 */
export function Table({
  caption,
  captionHidden = false,
  children,
}: {
  caption: string
  captionHidden?: boolean
  children: ReactNode
}) {
  return (
    // A group and not a region: the heading above already names the place, and two landmarks of one name do not help.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      role="group"
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      className="scrolls relative overflow-x-auto focus-visible:shadow-none focus-visible:-outline-offset-4 print:overflow-visible"
    >
      <table className="w-full border-collapse text-start [&_td]:border-t [&_td]:border-line [&_td]:px-4 [&_td]:py-3 [&_th]:px-4 [&_th]:py-3 [&_th]:text-start [&_th]:text-ink [&_thead_th]:bg-canvas [&_thead_th]:font-semibold [&_tbody_th]:border-t [&_tbody_th]:border-line [&_tfoot_th]:border-t-2 [&_tfoot_th]:border-line-strong [&_tfoot_td]:border-t-2 [&_tfoot_td]:border-line-strong print:[&_td]:py-1.5 print:[&_th]:py-1.5">
        <caption className={captionHidden ? 'sr-only' : 'px-4 py-3 text-start text-muted'}>{caption}</caption>
        {children}
      </table>
    </div>
  )
}
