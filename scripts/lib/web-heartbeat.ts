import type { Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { beat } from '#lib/health/heartbeat.commands.ts'
import { log } from '#lib/kernel/log.ts'
import { askInMemory } from './ask-in-memory.ts'

const PERIOD_MS = 20_000

/**
 * Writes a heartbeat as long as this process answers: three times a minute it asks itself whether it is ready, through its
 * own listener and Next. A process that is stuck, cannot answer or has no database writes none, and the minute is missing.
 */
export async function keepHeartbeat(
  server: Server,
  host: string,
  signal: AbortSignal,
  periodMs = PERIOD_MS,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const status = await askInMemory(server, '/api/ready', { host })
      if (status === 200) await beat('web')
      else log().warn({ status }, 'web: no heartbeat, the process does not answer well')
    } catch (error) {
      log().warn({ err: error }, 'web: could not write a heartbeat')
    }
    await pause(periodMs, undefined, { ref: false, signal }).catch(() => undefined)
  }
}
