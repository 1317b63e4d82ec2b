import '@testing-library/jest-dom/vitest'
import { cleanup } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

const address = location.href

// Files share one document: each test leaves it as it found it.
afterEach(() => {
  cleanup()
  document.body.replaceChildren()
  localStorage.clear()
  history.replaceState(null, '', address)
  // React may have left its next work to a timer that never comes: it would wait for it in every test after this one.
  if (vi.isFakeTimers()) vi.runOnlyPendingTimers()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
