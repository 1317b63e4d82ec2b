import type { ReactNode } from 'react'

const ID = 'menu-personale'

/**
 * The menu under one's own name: the browser's own popover. Without a line of script it opens, closes with Esc and with a press
 * elsewhere, and gives the focus back.
 */
export function PersonMenu({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  return (
    <>
      <button
        type="button"
        popoverTarget={ID}
        className="flex min-h-11 shrink-0 items-center gap-2 rounded px-1 text-white hover:underline"
      >
        {summary}
      </button>
      <div id={ID} popover="auto" data-surface className="person-menu">
        {children}
      </div>
    </>
  )
}
