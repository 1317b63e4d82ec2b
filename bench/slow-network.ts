import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** One segment of a connection: what goes over the line before the next connection has its turn. */
const SEGMENT_BYTES = 1_460

type Line = { roundTripMs: number; kilobitsPerSecond: number }
type Queue = { to: Socket; segments: Buffer[] }

export type SlowNetwork = { port: number; close(): Promise<void> }

/** Does things at their moments, in the order in which they were asked for: two timers of one millisecond may swap. */
function inOrder(): (at: number, act: () => void) => void {
  const acts: { at: number; act: () => void }[] = []
  const wait = () => setTimeout(tick, Math.max(0, (acts[0]?.at ?? 0) - performance.now()))
  function tick(): void {
    while (acts[0] && acts[0].at <= performance.now()) acts.shift()?.act()
    if (acts.length > 0) wait()
  }
  return (at, act) => {
    acts.push({ at, act })
    if (acts.length === 1) wait()
  }
}

/** Gives the line to one connection after the other, a segment each, and what it carries arrives half a round trip later. */
function sharedLine({ roundTripMs, kilobitsPerSecond }: Line): (to: Socket, data: Buffer) => void {
  const waiting: Queue[] = []
  const arrive = inOrder()
  let freeAt = 0
  let isBusy = false

  function carryNext(): void {
    const queue = waiting.shift()
    const segment = queue?.segments.shift()
    if (!queue || !segment) {
      isBusy = false
      return
    }
    if (queue.segments.length > 0) waiting.push(queue)
    freeAt = Math.max(freeAt, performance.now()) + (segment.length * 8) / kilobitsPerSecond
    arrive(freeAt + roundTripMs / 2, () => queue.to.writable && queue.to.write(segment))
    setTimeout(carryNext, Math.max(0, freeAt - performance.now()))
  }

  return (to, data) => {
    const known = waiting.find((queue) => queue.to === to)
    const segments = known?.segments ?? []
    for (let at = 0; at < data.length; at += SEGMENT_BYTES)
      segments.push(data.subarray(at, at + SEGMENT_BYTES))
    if (!known) waiting.push({ to, segments })
    if (isBusy) return
    isBusy = true
    carryNext()
  }
}

/**
 * A slow line in front of a server of this machine: every connection costs a round trip, every request another, and all
 * of them share what comes down. Times are kept, not modelled; what TCP does on top (its slow start) is left out, because
 * what a page needs to be painted fits in the first segments, which TCP sends without waiting.
 * @param target port of the server
 */
export async function startSlowNetwork(target: number, line: Line): Promise<SlowNetwork> {
  const down = sharedLine(line)
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (phone) => {
    const site = connect(target, 'localhost')
    const connectedAt = performance.now() + line.roundTripMs
    const up = inOrder()
    for (const socket of [phone, site]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        setTimeout(() => (socket === phone ? site : phone).destroy(), 2 * line.roundTripMs)
      })
    }
    phone.on('data', (data) => {
      const at = Math.max(connectedAt, performance.now()) + line.roundTripMs / 2
      up(at, () => site.writable && site.write(data))
    })
    site.on('data', (data) => down(phone, data))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
