import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

const address = location.href

// A test waits for what it looks for; one second, the usual patience, is a busy machine's pause.
configure({ asyncUtilTimeout: 15_000 })

// The tests of a file share one document: each leaves it as it found it.
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
