import type { ReactNode } from 'react'

/**
 * A table that scrolls sideways inside its own box on a narrow screen, reachable by keyboard there: a shadow shows that it goes on.
 * The column that decides stands beside the first one, where a telephone shows it.
 * @param caption says what the table holds; `captionHidden` keeps it for screen readers when a heading already says it.
 * @param stacks on a telephone each row is a few lines instead: the row's head, then the other cells, each after its `data-label`
 */
export function Table({
  caption,
  captionHidden = false,
  stacks = false,
  children,
}: {
  caption: string
  captionHidden?: boolean
  stacks?: boolean
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
      className={`${stacks ? 'stacks' : ''} scrolls relative overflow-x-auto focus-visible:shadow-none focus-visible:-outline-offset-4 print:overflow-visible`}
    >
      <table className="w-full border-collapse text-start [&_td]:border-t [&_td]:border-line [&_td]:px-(--cell-x) [&_td]:py-(--cell-y) [&_th]:px-(--cell-x) [&_th]:py-(--cell-y) [&_th]:text-start [&_th]:text-ink [&_thead_th]:bg-canvas [&_thead_th]:font-semibold [&_tbody_th]:border-t [&_tbody_th]:border-line [&_tfoot_th]:border-t-2 [&_tfoot_th]:border-line-strong [&_tfoot_td]:border-t-2 [&_tfoot_td]:border-line-strong print:[&_td]:py-1.5 print:[&_th]:py-1.5">
        <caption className={captionHidden ? 'sr-only' : 'px-4 py-2 text-start text-muted'}>{caption}</caption>
        {children}
      </table>
    </div>
  )
}
