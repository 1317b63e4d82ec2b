import { createServer, request } from 'node:http'
import { atEnd } from './at-end.ts'
import { listen } from './http.ts'

/**
 * A network between one browser and the portal, for a test to take away. `context.setOffline` does not reach a service worker
 * that starts after it: such a worker still fetches from the portal.
 * @returns `proxy` for the browser's context, and what takes the network away and gives it back
 */
export async function openNetwork() {
  let isThere = true
  const server = createServer((asked, answer) => {
    if (!isThere) return void asked.socket.destroy()
    const { method, headers } = asked
    const passed = request(asked.url ?? '', { method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers)
      got.pipe(answer)
    })
    passed.on('error', () => answer.destroy())
    asked.pipe(passed)
  })
  const { origin, close } = await listen(server)
  atEnd(close)
  const set = (there: boolean) => {
    isThere = there
    server.closeAllConnections()
  }
  return {
    // Chromium asks a proxy for no address of this machine, unless told.
    proxy: { server: origin, bypass: '<-loopback>' },
    takeAway: () => set(false),
    giveBack: () => set(true),
  }
}
