import net from 'node:net'
import { atEnd } from './at-end.ts'

/** A server that takes every connection and never says a word: a mail server that hangs. */
export async function openSilentServer() {
  const clients = new Set<net.Socket>()
  const server = net.createServer((client) => {
    clients.add(client)
    client.on('error', () => undefined)
    client.on('close', () => clients.delete(client))
    client.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(async () => {
    server.close()
    for (const client of clients) client.destroy()
  })
  const { port } = server.address() as net.AddressInfo
  return { host: `127.0.0.1:${port}`, waiting: () => clients.size }
}
