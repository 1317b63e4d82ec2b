'use client'

import { type ReactNode, useEffect, useRef } from 'react'

const PHONE = '(max-width: 39.99rem)'

/** A part of a long sheet: always there where there is room for it, folded on a phone until it is wanted. */
export function Fold({ label, children }: { label: string; children: ReactNode }) {
  const fold = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const phone = window.matchMedia(PHONE)
    const follow = () => {
      if (fold.current) fold.current.open = !phone.matches
    }
    follow()
    phone.addEventListener('change', follow)
    return () => phone.removeEventListener('change', follow)
  }, [])
  return (
    <details ref={fold} open className="min-w-0">
      <summary className="mb-3 min-h-12 cursor-pointer rounded border border-line bg-white px-4 py-3 font-semibold text-primary sm:hidden print:hidden">
        {label}
      </summary>
      {children}
    </details>
  )
}
