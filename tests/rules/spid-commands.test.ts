import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { main as explainAnswer } from '#scripts/bridge-answer.ts'
import { main as makeKeys } from '#scripts/bridge-keys.ts'
import { main as writeMetadata } from '#scripts/bridge-metadata.ts'
import { answerOf } from '#simulators/spid/cases.ts'
import { readService } from '#simulators/spid/requests.ts'
import {
  caseOf,
  contextOf,
  encode,
  NOW,
  PRIVATE_FILE,
  PUBLIC_FILE,
  SIGNING,
  valuesOf,
} from '#tests/support/spid.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-bridge-'))
const said: string[] = []
let file = ''

beforeEach(() => {
  const own = mkdtempSync(path.join(folder, 'ente-'))
  file = path.join(own, 'enti.json')
  writeFileSync(file, JSON.stringify({ entities: [PUBLIC_FILE] }))
  said.length = 0
  vi.spyOn(console, 'log').mockImplementation((words: string) => void said.push(words))
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const beside = (name: string) => path.join(path.dirname(file), name)
const years = (count: number) => new Date(NOW.getTime() + count * 365 * 86_400_000)

describe('bridge:keys', () => {
  test('makes a key that only its owner reads, once', async () => {
    expect(await makeKeys([file, '--ente', 'borgo'], NOW)).toBe(0)
    expect(statSync(beside('attuale.key')).mode & 0o777).toBe(0o600)
    const key = readFileSync(beside('attuale.key'), 'utf8')
    await expect(makeKeys([file, '--ente', 'borgo'], NOW)).rejects.toThrow('Non manca nessuna chiave')
    expect(readFileSync(beside('attuale.key'), 'utf8')).toBe(key)
  })

  test('sends a private body to AgID, but for tests', async () => {
    writeFileSync(file, JSON.stringify({ entities: [PRIVATE_FILE] }))
    await expect(makeKeys([file, '--ente', 'coop'], NOW)).rejects.toThrow('lo rilascia AgID')
    expect(await makeKeys([file, '--ente', 'coop', '--prova'], NOW)).toBe(0)
    expect(await writeMetadata([file], NOW)).toBe(0)
  })

  test('says how it is called, and which body is not there', async () => {
    await expect(makeKeys([file], NOW)).rejects.toThrow('npm run bridge:keys')
    await expect(makeKeys([file, '--ente', 'borgo', '--giorni', '0'], NOW)).rejects.toThrow(
      'npm run bridge:keys',
    )
    await expect(makeKeys([file, '--ente', 'altro'], NOW)).rejects.toThrow('non ha l’ente «altro»')
  })
})

describe('bridge:metadata', () => {
  test('writes metadata that a provider reads, the same bytes each time', async () => {
    await makeKeys([file, '--ente', 'borgo'], NOW)
    expect(await writeMetadata([file, '--cartella', beside('out')], NOW)).toBe(0)
    const first = readFileSync(beside('out/borgo.xml'), 'utf8')
    expect(readService(first)).toMatchObject({ entityId: PUBLIC_FILE.entityId })
    expect(await writeMetadata([file, '--cartella', beside('out')], NOW)).toBe(0)
    expect(readFileSync(beside('out/borgo.xml'), 'utf8')).toBe(first)
  })

  test('says two months before that a certificate ends, and refuses it afterwards', async () => {
    await makeKeys([file, '--ente', 'borgo'], NOW)
    expect(await writeMetadata([file], years(2.9))).toBe(0)
    expect(said.join('\n')).toMatch(/\? attuale\.crt scade fra 3\d giorni/)
    expect(await writeMetadata([file], years(3.1))).toBe(1)
    expect(said.join('\n')).toContain('✗ attuale.crt è scaduto')
  })

  test('refuses a key that others read, a certificate of another body, and a file that is not there', async () => {
    await makeKeys([file, '--ente', 'borgo'], NOW)
    chmodSync(beside('attuale.key'), 0o644)
    expect(await writeMetadata([file, '--cartella', beside('out')], NOW)).toBe(1)
    expect(said.join('\n')).toContain('modo 0600')
    writeFileSync(
      file,
      JSON.stringify({ entities: [{ ...PUBLIC_FILE, entityId: 'https://altro.example/x' }] }),
    )
    expect(await writeMetadata([file], NOW)).toBe(1)
    expect(said.join('\n')).toContain('uri è «https://accesso.example/spid/borgo»')
    rmSync(beside('attuale.crt'))
    expect(await writeMetadata([file], NOW)).toBe(1)
    writeFileSync(file, JSON.stringify({ entities: [{ ...PUBLIC_FILE, kind: 'pub-ag-full' }] }))
    expect(await writeMetadata([file], NOW)).toBe(1)
    await expect(writeMetadata([], NOW)).rejects.toThrow('npm run bridge:metadata')
  })
})

describe('bridge:answer', () => {
  const explain = (number: string, ...more: string[]) => {
    const context = contextOf()
    const [answer, provider] = [beside('risposta.txt'), beside('gestore.xml')]
    writeFileSync(answer, `${encode(answerOf(valuesOf(context), caseOf(number), SIGNING))}\n`)
    writeFileSync(provider, SIGNING.metadata)
    return explainAnswer(
      [
        ...[answer, '--enti', file, '--ente', 'borgo', '--gestore', provider],
        ...['--richiesta', context.request.id, '--istante', context.request.instant.toISOString(), ...more],
      ],
      NOW,
    )
  }

  test('says that an answer is good, and nothing of the person', async () => {
    expect(await explain('1')).toBe(0)
    expect(said).toEqual(['✓ Accettata: livello 2, Assertion _assertion-1'])
  })

  test('names the check that failed, with AgID’s numbers', async () => {
    expect(await explain('57')).toBe(1)
    expect(said).toEqual(['✗ Rifiutata: Recipient (57–59). La persona legge «risposta-non-valida».'])
    expect(await explain('1', '--livello', '3')).toBe(1)
    expect(await explain('1', '--ora', '2026-12-01T10:00:00Z')).toBe(1)
    expect(said.at(-1)).toContain('NotOnOrAfter')
  })

  test('says how it is called', async () => {
    await expect(explainAnswer([], NOW)).rejects.toThrow('npm run bridge:answer')
    await expect(explain('1', '--livello', '4')).rejects.toThrow('npm run bridge:answer')
    await expect(explain('1', '--ente', 'altro')).rejects.toThrow('non ha l’ente')
  })
})
