'use client'

import { useSyncExternalStore } from 'react'

const nothing = () => () => undefined

/** False while the page is what the server drew, true once it is hydrated: JavaScript only ever adds to the page. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    nothing,
    () => true,
    () => false,
  )
