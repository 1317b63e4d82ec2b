import type { ReactNode } from 'react'

/** Stands around what the copy that is read without a network does not hold: the service worker cuts from mark to mark. */
export const NotKept = ({ children }: { children: ReactNode }) => (
  <>
    <i hidden data-not-kept="from" />
    {children}
    <i hidden data-not-kept="to" />
  </>
)

/** On a page of which the service worker keeps nothing. */
export const NeverKept = () => <i hidden data-never-kept="" />
