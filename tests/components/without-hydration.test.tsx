import { act, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { withoutHydration } from '#components/ui/without-hydration.tsx'

const Bell = ({ unread }: { unread: number }) => <a href="/notifiche">{unread} da leggere</a>
const load = vi.fn(async () => ({ default: Bell }))
const OnServer = withoutHydration(Bell, load)
/** Made for each test: what the browser has loaded, it keeps. */
let InBrowser: typeof OnServer

let read: () => void = () => undefined

function Page({ Part }: { Part: typeof OnServer }) {
  const [unread, setUnread] = useState(3)
  read = () => setUnread(0)
  return (
    <main>
      <Part unread={unread} />
      <p>Ciao</p>
    </main>
  )
}

beforeEach(() => {
  load.mockClear()
  InBrowser = withoutHydration<{ unread: number }>(undefined, load)
  document.body.replaceChildren()
})

/** The page as the server drew it, hydrated with what the browser has of it. */
async function open(): Promise<Element> {
  const place = document.body.appendChild(document.createElement('div'))
  place.innerHTML = renderToString(<Page Part={OnServer} />)
  const link = screen.getByRole('link')
  await act(async () => void hydrateRoot(place, <Page Part={InBrowser} />))
  return link
}

describe('a part without hydration', () => {
  test('stays the very elements that the server drew, and its code is not loaded', async () => {
    const link = await open()
    expect(screen.getByRole('link')).toBe(link)
    expect(link).toHaveTextContent('3 da leggere')
    expect(load).not.toHaveBeenCalled()
  })

  test('is drawn again when what it says changes without a new page', async () => {
    await open()
    await act(async () => read())
    expect(await screen.findByRole('link', { name: '0 da leggere' })).toBeVisible()
    expect(screen.getAllByRole('link')).toHaveLength(1)
    expect(load).toHaveBeenCalledOnce()
  })

  test('is loaded for a page that the browser draws by itself', async () => {
    await act(async () => void render(<Page Part={InBrowser} />))
    expect(await screen.findByRole('link', { name: '3 da leggere' })).toBeVisible()
  })
})
