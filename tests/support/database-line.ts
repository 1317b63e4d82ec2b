import net from 'node:net'
import path from 'node:path'
import { atEnd } from './at-end.ts'

/** The line between the portal and its database, for a test to freeze: what is sent stays on the way, no side hears of it. */
export async function openDatabaseLine(url: string) {
  const place = new URL(url)
  const socket = path.join(place.searchParams.get('host') ?? '', '.s.PGSQL.5432')
  const ends = new Set<net.Socket>()
  let isFrozen = false
  const set = (frozen: boolean) => {
    isFrozen = frozen
    for (const end of ends) frozen ? end.pause() : end.resume()
  }
  const server = net.createServer((client) => {
    const database = net.connect(socket)
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      ends.add(from)
      from.on('data', (bytes) => to.write(bytes))
      from.on('error', () => undefined)
      from.on('close', () => {
        ends.delete(from)
        to.destroy()
      })
      if (isFrozen) from.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  atEnd(async () => {
    server.close()
    for (const end of ends) end.destroy()
  })
  return {
    url: `postgres://${place.username}@127.0.0.1:${port}${place.pathname}`,
    freeze: () => set(true),
    thaw: () => set(false),
  }
}
