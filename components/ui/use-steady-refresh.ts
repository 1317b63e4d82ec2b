'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useRef, useState } from 'react'

/** How long a page without an answer waits before it asks again. */
const AGAIN_MS = 1_000

/** What is on the screen was right at `updatedAt`, and nothing newer has come `since`; `isNetwork`: no answer at all. */
export type Lost = { updatedAt: Date; since: Date; isNetwork: boolean }

/** Next asks for the payload of a page with this header. */
const isPayload = (init?: RequestInit): boolean => new Headers(init?.headers).has('rsc')

/** A payload in one piece: Next would leave the page also where the rest of it does not come. */
async function whole(response: Response): Promise<Response> {
  const copy = new Response(await response.arrayBuffer(), response)
  const { url, redirected } = response
  return Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } })
}

/**
 * For a page that refreshes itself. Next leaves such a page for an address that cannot be reached, which the browser answers
 * with its own error page: here what is on the screen stays, its payload is asked for until it comes, and the page can say since
 * when it is old.
 */
export function useSteadyRefresh() {
  const router = useRouter()
  const [lost, setLost] = useState<Lost | null>(null)
  const updatedAt = useRef(new Date(0))
  const waiting = useRef(0)

  const found = useCallback(() => {
    updatedAt.current = new Date()
    setLost(null)
  }, [])
  const miss = useCallback((isNetwork: boolean) => {
    setLost((known) => known ?? { updatedAt: updatedAt.current, since: new Date(), isNetwork })
  }, [])

  useEffect(() => {
    updatedAt.current = new Date()
    const { fetch } = window
    const steady: typeof fetch = async (input, init) => {
      if (!isPayload(init)) return fetch(input, init)
      waiting.current += 1
      try {
        for (;;) {
          const answer = await fetch(input, init)
            .then((response) => (response.ok ? whole(response) : response))
            .catch((error: unknown) => {
              if (init?.signal?.aborted) throw error
              return null
            })
          if (answer && answer.status < 500) {
            found()
            return answer
          }
          miss(answer === null)
          await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
        }
      } finally {
        waiting.current -= 1
      }
    }
    window.fetch = steady
    return () => {
      if (window.fetch === steady) window.fetch = fetch
    }
  }, [found, miss])

  /** Renders the page again, unless a payload is still on its way. */
  const refresh = useCallback(() => {
    if (waiting.current === 0) router.refresh()
  }, [router])

  return { lost, found, miss, refresh }
}
