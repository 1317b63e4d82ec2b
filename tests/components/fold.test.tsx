import { act, cleanup, render } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { Fold } from '#components/office/fold.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** A window that is as wide as a phone, or wider. */
function aWindow(isPhone: boolean) {
  const listeners = new Set<() => void>()
  const media = {
    matches: isPhone,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  }
  vi.stubGlobal('matchMedia', () => media)
  return {
    turn: (matches: boolean) => {
      media.matches = matches
      for (const listener of listeners) listener()
    },
    listeners,
  }
}

test('a part of a long sheet is folded on a phone, and open where there is room, also after the window changed', () => {
  const { turn, listeners } = aWindow(true)
  const { container, unmount } = render(<Fold label="Saldo">54,00 €</Fold>)
  const fold = container.querySelector('details')
  expect(fold?.open).toBe(false)
  act(() => turn(false))
  expect(fold?.open).toBe(true)
  unmount()
  expect(listeners.size).toBe(0)
})

test('a part of a long sheet is open before the page has its scripts', () => {
  aWindow(false)
  const { container } = render(<Fold label="Saldo">54,00 €</Fold>)
  expect(container.querySelector('details')?.open).toBe(true)
})
