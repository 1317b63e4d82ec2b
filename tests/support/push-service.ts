import { createECDH, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type PushService = {
  origin: string
  /** What was posted, in order: where, with which headers, and whether anything of the text can be read. */
  posts: { path: string; headers: Record<string, string>; body: Buffer }[]
  /** The status of the next answers; `silence` closes the line instead. */
  mood: number | 'silence'
  close(): Promise<void>
}

/** A push service on this machine: it takes what a browser's service would take. */
export async function openPushService(): Promise<PushService> {
  const service: PushService = { origin: '', posts: [], mood: 201, close: async () => undefined }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      service.posts.push({ path: request.url ?? '', headers, body: Buffer.concat(parts) })
      if (service.mood === 'silence') request.socket.destroy()
      else response.writeHead(service.mood, { location: 'http://127.0.0.1:1/elsewhere' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  service.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  service.close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  return service
}

/** The keys that a browser would make. */
export function browserKeys(): { p256dh: string; auth: string } {
  const pair = createECDH('prime256v1')
  return { p256dh: pair.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') }
}
