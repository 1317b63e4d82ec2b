import { act, render, screen } from '@testing-library/react'
import {
  AppRouterContext,
  type AppRouterInstance,
} from 'next/dist/shared/lib/app-router-context.shared-runtime'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { KeepChecking } from '#components/family/keep-checking.tsx'
import { AutoRefresh } from '#components/office/auto-refresh.tsx'

/** The network of the page: there, gone, or answering that it fails. */
let network: 'there' | 'gone' | 'failing'
let fingerprint: string
let payloads: number
/** What Next does where a payload does not come: it leaves the page. */
let hasLeft: boolean

const server = async (address: string | URL | Request): Promise<Response> => {
  if (network === 'gone') throw new TypeError('Failed to fetch')
  if (network === 'failing') return new Response('', { status: 503 })
  return new Response(String(address).includes('novita') ? fingerprint : 'payload')
}

/** As Next's router: asks for the payload of the page, and leaves where it does not arrive. */
const load = async () => {
  try {
    const answer = await window.fetch('/pagina', { headers: { rsc: '1' } })
    if (!answer.ok || (await answer.text()) !== 'payload') hasLeft = true
    else payloads += 1
  } catch {
    hasLeft = true
  }
}
const router = { refresh: load, replace: load } as unknown as AppRouterInstance

const draw = (element: ReactNode) =>
  render(<AppRouterContext.Provider value={router}>{element}</AppRouterContext.Provider>)
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-24T08:00:00Z') })
  network = 'there'
  fingerprint = 'a'
  payloads = 0
  hasLeft = false
  vi.stubGlobal('fetch', server)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const board = (
  <AutoRefresh watched={{ href: '/novita', fingerprint: 'a' }} sees="una disdetta si vede entro un secondo" />
)

describe('the board of counts', () => {
  test('stays with its numbers while the network is gone, says since when, and recovers by itself', async () => {
    draw(board)
    await pass(3_000)
    expect(screen.getByRole('status')).toBeEmptyDOMElement()
    network = 'gone'
    await pass(40_000)
    expect(hasLeft).toBe(false)
    expect(screen.getByRole('status')).toHaveTextContent(
      'Aggiornato alle 09:00:03, senza rete dalle 09:00:03. Torna da solo.',
    )
    expect(screen.queryByText(/Si aggiorna da solo/)).toBeNull()
    fingerprint = 'b'
    network = 'there'
    const before = payloads
    await pass(2_000)
    expect(screen.getByRole('status')).toBeEmptyDOMElement()
    expect(screen.getByText(/Si aggiorna da solo: una disdetta/)).toBeVisible()
    expect(payloads).toBeGreaterThan(before)
    expect(hasLeft).toBe(false)
  })

  test('survives a network that goes while the page is being drawn again', async () => {
    draw(board)
    await pass(14_900)
    const refreshing = load
    network = 'gone'
    void refreshing()
    await pass(10_000)
    expect([hasLeft, payloads]).toEqual([false, 0])
    network = 'there'
    await pass(2_000)
    expect(hasLeft).toBe(false)
    expect(payloads).toBeGreaterThan(0)
  })

  test('says it when the portal answers that it fails', async () => {
    draw(board)
    await pass(1_000)
    network = 'failing'
    await pass(20_000)
    expect(hasLeft).toBe(false)
    expect(screen.getByRole('status')).toHaveTextContent(
      /^Aggiornato alle 09:00:0\d, il portale non risponde dalle/,
    )
  })
})

test('the page of a payment that is awaited does the same', async () => {
  draw(<KeepChecking here="/pagina" />)
  await pass(4_500)
  expect(payloads).toBe(2)
  network = 'gone'
  await pass(30_000)
  expect(hasLeft).toBe(false)
  expect(screen.getByRole('status')).toHaveTextContent(/senza rete dalle 09:00:0\d\. Torna da solo\./)
  network = 'there'
  await pass(4_000)
  expect(screen.getByRole('status')).toBeEmptyDOMElement()
  expect(payloads).toBeGreaterThan(2)
})

test('the page of a payment promises to look by itself only where scripts make it so', async () => {
  const words = 'Questa pagina si aggiorna da sola.'
  const drawn = renderToStaticMarkup(
    <AppRouterContext.Provider value={router}>
      <KeepChecking here="/pagina" />
    </AppRouterContext.Provider>,
  )
  expect(drawn).toContain('<a href="/pagina">Aggiorna ora</a>')
  expect(drawn).not.toContain(words)
  draw(<KeepChecking here="/pagina" />)
  expect(screen.getByText(words)).toBeVisible()
  await pass(2_000)
  expect(payloads).toBe(1)
})
