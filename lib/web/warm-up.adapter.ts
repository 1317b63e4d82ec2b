import { AsyncLocalStorage } from 'node:async_hooks'

/** One drawing of the process's own pages, open until it is done. */
type Drawing = { isOpen: boolean }

/** Next loads this module once for each part of the server; what is drawn, and whether it was, is the same in all of a process. */
const shared = globalThis as { refettorioDrawing?: AsyncLocalStorage<Drawing>; refettorioIsWarm?: boolean }

/**
 * Whether what runs now draws a page for the process itself, before people come. Nothing in a request can say so: it is the
 * call that carries it, and only `drawForItself` makes such a call.
 */
export const isWarmUp = (): boolean => shared.refettorioDrawing?.getStore()?.isOpen === true

/** Runs `draw` as the process's own; what it leaves running is the process's own no longer. */
export async function drawForItself<T>(draw: () => Promise<T>): Promise<T> {
  shared.refettorioDrawing ??= new AsyncLocalStorage<Drawing>()
  const drawing = { isOpen: true }
  try {
    return await shared.refettorioDrawing.run(drawing, draw)
  } finally {
    drawing.isOpen = false
  }
}

/** Whether this process has drawn its main pages: what it answers next is fast. */
export const isWarm = (): boolean => shared.refettorioIsWarm === true

export function setWarm(): void {
  shared.refettorioIsWarm = true
}
