'use client'

import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from '#words'
import { Icon } from './icon.tsx'

const SHAPES = {
  sheet:
    'mb-0 w-full max-w-full rounded-t-2xl pb-[max(1.25rem,env(safe-area-inset-bottom))] sm:mb-auto sm:max-w-lg sm:rounded-lg',
  dialog: 'w-[calc(100%-2rem)] max-w-lg rounded-lg',
} as const

/**
 * The browser's own dialog: it traps the focus, closes with Esc and gives the focus back by itself.
 * @param shape `sheet` rises from the bottom of a phone, under the thumb.
 */
export function Dialog({
  open,
  onClose,
  title,
  shape = 'dialog',
  children,
}: {
  open: boolean
  onClose: () => void
  title: ReactNode
  shape?: keyof typeof SHAPES
  children: ReactNode
}) {
  const t = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    if (!element) return
    if (open && !element.open) element.showModal()
    if (!open && element.open) element.close()
  }, [open])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the keyboard's way, and the browser handles it.
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
      className={`m-auto max-h-[90dvh] overflow-auto bg-white p-0 text-body shadow-high ${SHAPES[shape]}`}
    >
      <div className="p-5 sm:p-6">
        <div className="mb-4 flex items-start justify-between gap-4">
          <h2 id={titleId} className="pt-1.5 text-xl">
            {title}
          </h2>
          <button
            type="button"
            onClick={() => dialog.current?.close()}
            aria-label={t('Chiudi')}
            className="-me-2 flex size-11 items-center justify-center rounded text-ink hover:bg-canvas"
          >
            <Icon name="x" size="lg" />
          </button>
        </div>
        {open && children}
      </div>
    </dialog>
  )
}

/** A dialog that on a phone rises from the bottom. */
export const BottomSheet = (props: Omit<Parameters<typeof Dialog>[0], 'shape'>) => (
  <Dialog {...props} shape="sheet" />
)
