'use client'

import { type ReactNode, useEffect, useRef } from 'react'

/**
 * What a press answered. It takes the focus when it comes and when it says something else, so that a keyboard goes on from
 * there and not from the top of the page, and that the eye finds it below a long form.
 * @param said what it says, to know when that is new
 */
export function Answer({ said, children }: { said: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer takes the focus again.
  useEffect(() => box.current?.focus(), [said])
  return (
    <div ref={box} tabIndex={-1} className="grid gap-6 rounded-lg">
      {children}
    </div>
  )
}
