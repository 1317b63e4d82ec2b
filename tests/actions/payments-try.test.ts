import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NEXI_LIVE_URL } from '#lib/kernel/nexi-address.ts'
import { nexiGateway } from '#lib/payments/nexi.adapter.ts'
import { main, tryTill } from '#scripts/payments-try.ts'
import { type PaymentsSimulator, startPaymentsSimulator } from '#simulators/payments/server.ts'
import { until } from '#tests/support/payments.ts'

const API_KEY = 'sandbox-key'
const ORIGIN = 'https://mensa.example.it'

let simulator: PaymentsSimulator
let folder: string
beforeEach(async () => {
  simulator = await startPaymentsSimulator({ port: 0, apiKey: API_KEY, retryMs: [] })
  folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-cassa-'))
})
afterEach(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

const control = (where: string, body: unknown) =>
  fetch(`${simulator.url}/__control/${where}`, {
    method: 'POST',
    headers: { 'X-Api-Key': API_KEY },
    body: JSON.stringify(body),
  })

const trial = { amountCents: 540, method: 'card', origin: ORIGIN, lookMs: 10 } as const

/** Tries the till, and does something at the provider as soon as it says where to pay. */
async function tried(atProvider: (orderId: string) => Promise<unknown>, patienceMs = 20_000) {
  const said: string[] = []
  const gateway = nexiGateway({ baseUrl: simulator.apiUrl, apiKey: API_KEY, mode: 'test', timeoutMs: 8_000 })
  const trying = tryTill(gateway, { ...trial, patienceMs }, (words) => said.push(words))
  await until(() => said.some((words) => words.includes(simulator.url)))
  const orderId = /PROVA[0-9A-F]{12}/.exec(said.join(' '))?.[0] ?? ''
  await atProvider(orderId)
  return { isWell: await trying, said: said.join('\n') }
}

describe('a trial of the till', () => {
  test('pays one meal at the sandbox, sees it, gives it back and sees that too', async () => {
    const { isWell, said } = await tried((orderId) =>
      control(`orders/${orderId}/pay`, { result: 'EXECUTED' }),
    )
    expect(isWell).toBe(true)
    expect(said).toMatch(/accettato l’ordine PROVA[0-9A-F]{12} di 5,40/)
    expect(said).toContain('Il pagamento risulta riuscito')
    expect(said).toContain('✓ La restituzione risulta riuscita')
  })

  test('says why a payment was refused, and gives nothing back', async () => {
    const { isWell, said } = await tried((orderId) =>
      control(`orders/${orderId}/pay`, { result: 'DECLINED' }),
    )
    expect(isWell).toBe(false)
    expect(said).toContain('✗ Il gestore ha rifiutato il pagamento: DECLINED')
    expect(said).not.toContain('restituzione')
  })

  test('ends when no person pays', async () => {
    const { isWell, said } = await tried(async () => undefined, 50)
    expect(isWell).toBe(false)
    expect(said).toContain('Nessun pagamento')
  })

  test('refuses the address that moves money, a wrong key and a provider that is away, in words', async () => {
    const keyFile = path.join(folder, 'key')
    writeFileSync(keyFile, `${API_KEY}\n`)
    const run = (url: string) => main(['--url', url, '--key-file', keyFile, '--origin', ORIGIN])
    await expect(run(NEXI_LIVE_URL)).rejects.toThrow('muove denaro vero')
    await expect(run('http://127.0.0.1:1/api')).rejects.toThrow('Il gestore non risponde (')
    writeFileSync(keyFile, 'another')
    await expect(run(simulator.apiUrl)).rejects.toThrow('Il gestore rifiuta la richiesta (HTTP_401)')
    await expect(main([])).rejects.toThrow('npm run payments:try')
  })
})
