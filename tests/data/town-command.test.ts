import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DEMONSTRATION_MARK } from '#db/demonstration.ts'
import { main } from '#scripts/town.ts'
import { testDatabase } from '#tests/support/database.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-comune-'))
const file = path.join(folder, 'comune.json')
const said: string[] = []

beforeEach(async () => {
  const { ownerUrl } = await testDatabase()
  process.env.DATABASE_URL = ownerUrl
  said.length = 0
  vi.spyOn(console, 'log').mockImplementation((words: string) => void said.push(words))
})
afterEach(() => {
  vi.restoreAllMocks()
})

const create = (...args: string[]) => main(['create', ...args])

/** The file with other words in it. */
function edited(from: string, change: (town: { comune: Record<string, unknown> }) => void): string {
  const town = JSON.parse(readFileSync(from, 'utf8'))
  change(town)
  const other = path.join(folder, `${Math.random()}.json`)
  writeFileSync(other, JSON.stringify(town))
  return other
}

describe('the command that makes a municipality', () => {
  test('writes an example once, and refuses it until it is filled in', async () => {
    await create('--example', file)
    expect(said.join()).toContain(`Scritto ${file}`)
    await expect(create('--example', file)).rejects.toThrow('c’è già')
    await expect(create('--file', file)).rejects.toThrow('È ancora l’esempio')
  })

  test('makes the municipality of a file, says what is missing, and changes nothing the second time', async () => {
    const mine = edited(file, ({ comune }) =>
      Object.assign(comune, { nome: 'Castelverde', indirizzo_nel_portale: 'castelverde' }),
    )
    await create('--file', mine)
    expect(said.join('\n')).toContain('Creato il Comune di Castelverde, all’indirizzo /castelverde')
    expect(said.join('\n')).toContain('Prima che entrino le famiglie manca:')
    said.length = 0
    await create('--file', mine)
    expect(said.join('\n')).toContain('c’è già: non ho cambiato niente')
  })

  test('says where a file is wrong, and that it wrote nothing', async () => {
    const wrong = edited(file, ({ comune }) => Object.assign(comune, { nome: 'Castelbruno', cap: '3706' }))
    await expect(create('--file', wrong)).rejects.toThrow(
      /comune\.cap: Il CAP ha cinque cifre[\s\S]*Non ho scritto niente/,
    )
    await expect(create('--file', path.join(folder, 'nessuno.json'))).rejects.toThrow('non c’è')
    writeFileSync(path.join(folder, 'rotto.json'), '{ "comune": ')
    await expect(create('--file', path.join(folder, 'rotto.json'))).rejects.toThrow('non è un file JSON')
  })

  test('asks for the key of web and worker, without which the manager could not enter', async () => {
    const mine = edited(file, ({ comune }) => Object.assign(comune, { nome: 'Castelnero' }))
    const key = process.env.FISCAL_CODE_KEY
    process.env.FISCAL_CODE_KEY = ''
    try {
      await expect(create('--file', mine)).rejects.toThrow('Manca FISCAL_CODE_KEY')
    } finally {
      process.env.FISCAL_CODE_KEY = key
    }
  })

  test('leaves a demonstration alone', async () => {
    const { owner } = await testDatabase()
    await sql.raw(`comment on schema public is '${DEMONSTRATION_MARK}'`).execute(owner)
    const mine = edited(file, ({ comune }) => Object.assign(comune, { nome: 'Castelnero' }))
    await expect(create('--file', mine)).rejects.toThrow('database della dimostrazione')
    await sql.raw(`comment on schema public is null`).execute(owner)
  })
})
